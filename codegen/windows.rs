//! What Windows reads of a program before it runs: icon, version, and the manifest.

use std::{env, io};

use winresource::WindowsResource;

const ICON: &str = "codegen/windows/donor-report.ico";
const MANIFEST: &str = "codegen/windows/donor-report.manifest";

/// The languages of users differ; 0 is neutral.
const LANGUAGE: u16 = 0;

/// Puts the resources into the program where that is for Windows. A system without a compiler of resources makes a program
/// without them.
pub fn embed_resources() {
    if env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("windows") {
        return;
    }
    if let Err(error) = compile() {
        println!("cargo::warning=no icon, version and manifest: {error}");
    }
}

fn compile() -> io::Result<()> {
    let mut resource = WindowsResource::new();
    resource.set_icon(ICON).set_manifest_file(MANIFEST).set_language(LANGUAGE);
    resource.set("OriginalFilename", "donor-report.exe").set("InternalName", "donor-report");
    resource.compile_for("donor-report")
}
