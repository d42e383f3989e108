//! The program as its users meet it: arguments, variables, files and streams in; both streams and the
//! exit code out, compared to the byte. One topic a module.

mod decode;
mod encode;
mod exit_codes;
mod harness;
mod keys;
mod output;
mod peers;
mod refresh;
mod refused;
mod secrecy;
mod secrets;
mod usage;
mod verify;
