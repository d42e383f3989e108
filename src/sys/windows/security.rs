//! Files and folders that only their owner can use, by their access control lists.
//!
//! Such a list is protected, so that it inherits nothing from the folder, and names one user. It is given when the file
//! is created, so that nobody else can open it first. `SYSTEM` and administrators can take ownership of any file; a list
//! that also names them is therefore private too.
#![allow(unsafe_code, reason = "the system's functions have no safe binding")]

use std::ffi::{OsString, c_void};
use std::fs::File;
use std::io;
use std::os::windows::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::windows::io::{AsRawHandle as _, FromRawHandle as _, OwnedHandle};
use std::path::Path;
use std::ptr;

use windows_sys::Win32::Foundation::{
    ERROR_SUCCESS, GENERIC_WRITE, HANDLE, INVALID_HANDLE_VALUE, LocalFree,
};
use windows_sys::Win32::Security::Authorization::{
    ConvertSecurityDescriptorToStringSecurityDescriptorW, ConvertSidToStringSidW,
    ConvertStringSecurityDescriptorToSecurityDescriptorW, GetSecurityInfo, SDDL_REVISION_1,
    SE_FILE_OBJECT,
};
use windows_sys::Win32::Security::{
    DACL_SECURITY_INFORMATION, GetTokenInformation, OWNER_SECURITY_INFORMATION,
    PSECURITY_DESCRIPTOR, SECURITY_ATTRIBUTES, TOKEN_QUERY, TOKEN_USER, TokenUser,
};
use windows_sys::Win32::Storage::FileSystem::{
    CREATE_NEW, CreateDirectoryW, CreateFileW, FILE_ATTRIBUTE_NORMAL, FILE_SHARE_DELETE,
    FILE_SHARE_READ, FILE_SHARE_WRITE,
};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, OpenProcessToken};

/// Those who can take any file of the machine: the local system and its administrators (SDDL).
const ALMIGHTY: [&str; 2] = ["SY", "BA"];

/// Memory that the system has allocated with `LocalAlloc`.
struct Local(*mut c_void);

impl Drop for Local {
    fn drop(&mut self) {
        // SAFETY: the pointer came from a function whose result LocalFree frees, and is freed once.
        unsafe { LocalFree(self.0) };
    }
}

fn done(result: i32) -> io::Result<()> {
    if result == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// A text of the system's, up to its zero.
///
/// # Safety
/// `text` points to UTF-16 that ends with a zero.
unsafe fn text(text: *const u16) -> String {
    // SAFETY: the caller promises that the text ends.
    let units = unsafe {
        let mut length = 0;
        while *text.add(length) != 0 {
            length += 1;
        }
        std::slice::from_raw_parts(text, length)
    };
    OsString::from_wide(units).to_string_lossy().into_owned()
}

fn wide(text: &Path) -> Vec<u16> {
    text.as_os_str().encode_wide().chain([0]).collect()
}

/// The security identifier of the user who runs this process: "S-1-5-21-…".
fn user() -> io::Result<String> {
    // SAFETY: every pointer is to a local that outlives its call; the buffer is aligned for TOKEN_USER, and long enough
    // for it and the longest SID (68 bytes); the SID points into the buffer.
    unsafe {
        let mut token: HANDLE = ptr::null_mut();
        done(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &raw mut token))?;
        let token = OwnedHandle::from_raw_handle(token);
        let mut buffer = [0_u64; 32];
        let (mut length, size) = (0, u32::try_from(size_of_val(&buffer)).unwrap_or(0));
        let out = buffer.as_mut_ptr().cast();
        done(GetTokenInformation(token.as_raw_handle(), TokenUser, out, size, &raw mut length))?;
        let sid = (*buffer.as_ptr().cast::<TOKEN_USER>()).User.Sid;
        let mut written = ptr::null_mut();
        done(ConvertSidToStringSidW(sid, &raw mut written))?;
        let _owned = Local(written.cast());
        Ok(text(written))
    }
}

/// Calls a function with the security attributes of a file or folder that is its owner's alone. What is created in such
/// a folder is so too.
fn with_owners_list<T>(create: impl FnOnce(*const SECURITY_ATTRIBUTES) -> T) -> io::Result<T> {
    let user = user()?;
    let list = wide(Path::new(&format!("O:{user}D:P(A;OICI;FA;;;{user})")));
    let mut descriptor: PSECURITY_DESCRIPTOR = ptr::null_mut();
    // SAFETY: the text ends with a zero, and the descriptor is a local.
    done(unsafe {
        ConvertStringSecurityDescriptorToSecurityDescriptorW(
            list.as_ptr(),
            SDDL_REVISION_1,
            &raw mut descriptor,
            ptr::null_mut(),
        )
    })?;
    let _owned = Local(descriptor);
    let attributes = SECURITY_ATTRIBUTES {
        nLength: u32::try_from(size_of::<SECURITY_ATTRIBUTES>()).unwrap_or(0),
        lpSecurityDescriptor: descriptor,
        bInheritHandle: 0,
    };
    Ok(create(&raw const attributes))
}

/// Creates a file that only its owner can use.
pub(super) fn create_owners_file(path: &Path) -> io::Result<File> {
    let path = wide(path);
    let share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    // SAFETY: the path ends with a zero, and the attributes outlive the call.
    let created = with_owners_list(|attributes| unsafe {
        let normal = FILE_ATTRIBUTE_NORMAL;
        let none = ptr::null_mut();
        let file =
            CreateFileW(path.as_ptr(), GENERIC_WRITE, share, attributes, CREATE_NEW, normal, none);
        // The error is the thread's last, so it is read before anything is freed.
        if file == INVALID_HANDLE_VALUE { Err(io::Error::last_os_error()) } else { Ok(file) }
    })??;
    // SAFETY: the handle is open, and owned by nobody else.
    Ok(unsafe { File::from_raw_handle(created) })
}

/// Creates a folder that only its owner can use.
pub(super) fn create_owners_folder(path: &Path) -> io::Result<()> {
    let path = wide(path);
    // SAFETY: the path ends with a zero, and the attributes outlive the call.
    with_owners_list(|attributes| unsafe { done(CreateDirectoryW(path.as_ptr(), attributes)) })?
}

/// Whether only its owner can read or write a file or folder.
pub(in crate::sys) fn is_private(file: &File) -> bool {
    let read = || Some((user().ok()?, list(file).ok()?));
    read().is_some_and(|(user, list)| grants_only(&list, &user))
}

/// The owner and the access control list of a file, as text (SDDL).
fn list(file: &File) -> io::Result<String> {
    let asked = OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;
    let mut descriptor: PSECURITY_DESCRIPTOR = ptr::null_mut();
    let none = ptr::null_mut;
    // SAFETY: every pointer is null, which says that it is not wanted, or to a local.
    unsafe {
        let result = GetSecurityInfo(
            file.as_raw_handle(),
            SE_FILE_OBJECT,
            asked,
            none(),
            none(),
            ptr::null_mut(),
            ptr::null_mut(),
            &raw mut descriptor,
        );
        if result != ERROR_SUCCESS {
            return Err(io::Error::from_raw_os_error(result.cast_signed()));
        }
        let _owned = Local(descriptor);
        let mut written = ptr::null_mut();
        done(ConvertSecurityDescriptorToStringSecurityDescriptorW(
            descriptor,
            SDDL_REVISION_1,
            asked,
            &raw mut written,
            ptr::null_mut(),
        ))?;
        let _text = Local(written.cast());
        Ok(text(written))
    }
}

/// Whether a list such as "O:S-1-5-21-…D:P(A;;FA;;;S-1-5-21-…)(A;;FA;;;SY)" is the user's and grants nothing to others.
/// A file without a list is everybody's, and so is one whose entries are of a kind that is not known here.
fn grants_only(list: &str, user: &str) -> bool {
    let trusted = |sid: &str| sid == user || ALMIGHTY.contains(&sid);
    let Some((owner, entries)) = list.strip_prefix("O:").and_then(|list| list.split_once("D:"))
    else {
        return false;
    };
    let Some((_, entries)) = entries.split_once('(') else { return false };
    trusted(owner)
        && entries.trim_end_matches(')').split(")(").all(|entry| {
            let fields: Vec<_> = entry.split(';').collect();
            match fields[..] {
                ["A", _, _, _, _, sid] => trusted(sid),
                ["D", ..] => true,
                _ => false,
            }
        })
}
