//! Links the program statically with glibc where that works: a static one starts a quarter faster.
//!
//! `-C target-feature=+crt-static` is the flag for it, but a package cannot set it for itself: `cargo install` from a
//! registry reads no `.cargo/config.toml` from it. So this makes the linker find the static libraries under the names
//! that rustc asks for. A small program is linked and run first; if that fails, for instance because there is no
//! `libc.a` (Fedora's glibc-static), jwtctl is linked dynamically, as any other program.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{fs, io};

/// The libraries that rustc names after a program for Linux.
const LIBRARIES: [&str; 7] = ["c", "dl", "gcc_s", "m", "pthread", "rt", "util"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(static_glibc)");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if !is("CARGO_CFG_TARGET_OS", "linux") || !is("CARGO_CFG_TARGET_ENV", "gnu") {
        return;
    }
    let features = env::var("CARGO_CFG_TARGET_FEATURE").unwrap_or_default();
    if features.split(',').any(|feature| feature == "crt-static") {
        println!("cargo::rustc-cfg=static_glibc");
        return;
    }
    let folder = env::var("OUT_DIR").unwrap();
    if env::var("HOST") == env::var("TARGET")
        && links_statically(Path::new(&folder)).unwrap_or(false)
    {
        println!("cargo::rustc-cfg=static_glibc");
        println!("cargo::rustc-link-arg-bins=-L{folder}");
        println!("cargo::rustc-link-arg-bins=-static-pie");
    }
}

/// Whether a program runs that was linked with the static libraries, which `folder` then holds under all names.
fn links_statically(folder: &Path) -> io::Result<bool> {
    let linker = env::var("RUSTC_LINKER").unwrap_or_else(|_| "cc".to_owned());
    let mut group = "GROUP (".to_owned();
    for name in ["libm.a", "libc.a", "libgcc_eh.a", "libgcc.a"] {
        let found = Command::new(&linker).arg(format!("-print-file-name={name}")).output()?.stdout;
        let path = str::from_utf8(&found).unwrap_or_default().trim_end();
        // A name that is not found comes back as it is.
        if !Path::new(path).is_absolute() {
            return Ok(false);
        }
        group.push(' ');
        group.push_str(path);
    }
    group.push_str(" )\n");
    for name in LIBRARIES {
        fs::write(folder.join(format!("lib{name}.a")), &group)?;
    }

    let (source, program) = (folder.join("probe.rs"), folder.join("probe"));
    fs::write(&source, "fn main() {}\n")?;
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let built = Command::new(env::var_os("RUSTC").unwrap())
        .args(flags.split('\x1f').filter(|flag| !flag.is_empty()))
        .arg(format!("-Clinker={linker}"))
        .arg(format!("-Clink-arg=-L{}", folder.display()))
        .args(["-Clink-arg=-static-pie", "-o"])
        .args([&program, &source])
        .stderr(Stdio::null())
        .status()?;
    Ok(built.success() && Command::new(program).status()?.success())
}
