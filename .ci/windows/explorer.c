/* explorer PROGRAM: starts a program as a double click does, from a program of this name, and waits for it. */
#include <windows.h>

int wmain(int count, wchar_t **words)
{
    STARTUPINFOW start = { .cb = sizeof start };
    PROCESS_INFORMATION started;
    if (count != 2 || !CreateProcessW(words[1], NULL, NULL, NULL, TRUE, 0, NULL, NULL, &start, &started))
        return 2;
    DWORD code = 3;
    WaitForSingleObject(started.hProcess, INFINITE);
    GetExitCodeProcess(started.hProcess, &code);
    return (int)code;
}
