//! What a path leads to: a device, which is written into and not replaced, or a file.

use std::fs::File;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

use super::BlockedSignals;

/// A name for standard output that is no file's.
pub(in crate::sys) const STDOUT: &str = r"\\.\stdout";

/// Whether a path is a name of standard output: Windows has none.
pub(crate) fn is_stdout(_: &Path) -> bool {
    false
}

/// Whether a path leads to a device or a named pipe. The names of devices are the same in every folder, in capitals or
/// not, and may end with a colon.
pub(crate) fn is_device_or_pipe(path: &Path) -> bool {
    let text = path.to_string_lossy();
    if text.starts_with(r"\\.\") || text.starts_with("//./") {
        return true;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_uppercase();
    let name = name.strip_suffix(':').unwrap_or(&name);
    let is_numbered = |kind| {
        let number: Option<&str> = name.strip_prefix(kind);
        number.is_some_and(|number| matches!(number.as_bytes(), [b'1'..=b'9']))
    };
    matches!(name, "NUL" | "CON" | "CONOUT$" | "AUX" | "PRN")
        || is_numbered("COM")
        || is_numbered("LPT")
}

/// Whether a path leads to the console.
pub(crate) fn is_terminal(path: &Path) -> bool {
    is_device_or_pipe(path) && open(path).is_ok_and(|device| device.is_terminal())
}

fn open(path: &Path) -> io::Result<File> {
    File::options().write(true).open(path)
}

/// Writes into a device or a pipe.
pub(in crate::sys) fn write_into(
    path: &Path,
    bytes: &[u8],
    _: Option<&BlockedSignals>,
) -> io::Result<()> {
    open(path)?.write_all(bytes)
}
