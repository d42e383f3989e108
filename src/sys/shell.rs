//! The shell that users of the system type commands into.

/// A shell's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// That of POSIX.
    Posix,
    /// Windows PowerShell 5.1 and PowerShell 7.
    PowerShell,
}
