/* finalname PATH: whether the system tells the final name of a file whose path is long; Windows does, Wine 8 doesn't. */
#include <windows.h>

int wmain(int count, wchar_t **words)
{
    static wchar_t name[32768];
    if (count != 2)
        return 2;
    HANDLE file = CreateFileW(words[1], 0, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return 2;
    return GetFinalPathNameByHandleW(file, name, 32768, VOLUME_NAME_DOS) == 0;
}
