/* hold FILE read|none: keeps a file open as an office program does, letting others read it, or nobody, until it is ended. */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

int wmain(int count, wchar_t **words)
{
    if (count != 3)
        return 2;
    DWORD shared = wcscmp(words[2], L"read") == 0 ? FILE_SHARE_READ : 0;
    HANDLE file = CreateFileW(words[1], GENERIC_READ | GENERIC_WRITE, shared, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return 1;
    puts("held");
    fflush(stdout);
    Sleep(INFINITE);
    return 0;
}
