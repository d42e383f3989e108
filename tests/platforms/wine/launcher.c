// Starts the jwtctl.exe beside it under wine, with its own arguments, streams and folder, and ends with its exit code.
// Wine adds variables of its own to those of the test, and hands on paths as Unix has them. So the program gets:
// - no LOCALAPPDATA but that of TEST_LOCALAPPDATA,
// - HOME and the XDG variables with paths as Windows has them.
#include <stdio.h>
#include <wchar.h>
#include <windows.h>

static WCHAR path[32768], line[32768], value[32768], mapped[32768];

// What follows the program's name in a command line.
static const WCHAR *arguments(const WCHAR *line) {
    BOOL quoted = FALSE;
    for (; *line && (quoted || (*line != L' ' && *line != L'\t')); line++)
        if (*line == L'"') quoted = !quoted;
    return line;
}

static void map(const WCHAR *name) {
    if (!GetEnvironmentVariableW(name, value, 32768) || value[0] != L'/') return;
    swprintf(mapped, 32768, L"Z:%ls", value);
    for (WCHAR *at = mapped; *at; at++)
        if (*at == L'/') *at = L'\\';
    SetEnvironmentVariableW(name, mapped);
}

int main(void) {
    BOOL given = GetEnvironmentVariableW(L"TEST_LOCALAPPDATA", value, 32768) > 0;
    SetEnvironmentVariableW(L"LOCALAPPDATA", given ? value : NULL);
    static const WCHAR *names[] = {L"HOME", L"LOCALAPPDATA", L"XDG_CACHE_HOME", L"XDG_STATE_HOME", L"XDG_CONFIG_HOME"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) map(names[i]);

    GetModuleFileNameW(NULL, path, 32768);
    wcscpy(wcsrchr(path, L'\\') + 1, L"jwtctl.exe");
    if (swprintf(line, 32768, L"jwtctl%ls", arguments(GetCommandLineW())) < 0) return 126;

    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    DWORD code = 126;
    // One start in some thousand fails with ERROR_INTERNAL_ERROR when many begin at once.
    for (int tries = 1; !CreateProcessW(path, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process); tries++) {
        if (GetLastError() != ERROR_INTERNAL_ERROR || tries == 10) {
            fprintf(stderr, "launcher: error %lu\n", GetLastError());
            return 126;
        }
        Sleep(50);
    }
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    ExitProcess(code);
}
