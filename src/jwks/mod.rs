//! Key sets by URL and by discovery: what is fetched, when it is fetched again, and what is trusted.

mod cache;
mod cached_document;
mod discovery;
mod exchange;
mod fault;
mod fetcher;
mod freshness;
mod remote;
mod set;
mod url;

pub use cache::Cache;
pub use discovery::{DiscoveryFault, issuer_of};
pub use fault::{FetchError, FetchFault, FetchWarning, SourceError};
pub use fetcher::{FetchOptions, Net, Refetch};
pub use remote::{Issuer, JwksLocation, RemoteJwks};
pub use set::Fetched;
pub use url::{Url, UrlFault, redacted_url};
