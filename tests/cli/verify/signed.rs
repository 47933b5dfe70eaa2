//! Signatures of what is submitted, and whether `verify --key` knows them. The keys are invented for these tests; what
//! minisign 0.11 and OpenSSH 9.2 made with them is kept beside them.

use std::fs;

use donor_report::proof::{KeyFault, PublicKey, SecretKey};

use super::{built, run, stderr, stdout, verify};
use crate::ingest::sheets::Folder;

const MINISIGN: &str = include_str!("keys/minisign.key");
const MINISIGN_PUBLIC: &str = include_str!("keys/minisign.pub");
const LOCKED: &str = include_str!("keys/locked.key");
const LOCKED_PUBLIC: &str = include_str!("keys/locked.pub");
const PASSWORD: &str = "only for tests";
const SSH: &str = include_str!("keys/ssh");
const SSH_PUBLIC: &str = include_str!("keys/ssh.pub");
const LOCKED_SSH: &str = include_str!("keys/locked_ssh");

const CONTENT: &[u8] = b"hello pdf";

fn nobody() -> Option<String> {
    None
}

fn secret(text: &str) -> SecretKey {
    SecretKey::read(text, &nobody).unwrap_or_else(|fault| panic!("{fault:?}"))
}

fn public(text: &str) -> PublicKey {
    PublicKey::read(text).unwrap_or_else(|fault| panic!("{fault:?}"))
}

#[test]
fn a_signature_is_byte_for_byte_that_of_minisign_and_of_ssh_keygen() {
    let signature = secret(MINISIGN).sign("h.pdf", CONTENT);
    assert_eq!((signature.ending, signature.text.as_str()), (".minisig", include_str!("keys/h.pdf.minisig")));
    let signature = secret(SSH).sign("h.pdf", CONTENT);
    assert_eq!((signature.ending, signature.text.as_str()), (".sig", include_str!("keys/h.pdf.sig")));
}

#[test]
fn a_key_knows_its_own_signatures_of_the_very_content() {
    let signatures = [include_str!("keys/h.pdf.minisig"), include_str!("keys/h.pdf.sig")];
    let line = MINISIGN_PUBLIC.lines().last().expect("the key itself");
    for (key, own) in [(MINISIGN_PUBLIC, Some(0)), (line, Some(0)), (SSH_PUBLIC, Some(1)), (LOCKED_PUBLIC, None)] {
        for (at, signature) in signatures.iter().enumerate() {
            assert_eq!(public(key).has_signed(signature, CONTENT), own == Some(at), "{key} {at}");
            assert!(!public(key).has_signed(signature, b"hello pdx"), "{key} {at}");
            for cut in 0..signature.len() {
                assert!(
                    !public(key).has_signed(&signature[..cut], CONTENT) || cut + 2 > signature.len(),
                    "{key} {cut}"
                );
            }
        }
    }
}

#[test]
fn a_key_with_a_password_needs_it() {
    let fault = |text: &str, password: Option<&str>| SecretKey::read(text, &|| password.map(str::to_owned)).err();
    assert_eq!(fault(LOCKED, None), Some(KeyFault::Encrypted));
    assert_eq!(fault(LOCKED, Some("another")), Some(KeyFault::WrongPassword));
    assert_eq!(fault(LOCKED_SSH, Some("pw")), Some(KeyFault::EncryptedSsh));
    for text in ["", "RWQ", MINISIGN_PUBLIC, SSH_PUBLIC, "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", &SSH[..200]] {
        assert_eq!(fault(text, None), Some(KeyFault::Unknown), "{text}");
    }
    let key = SecretKey::read(LOCKED, &|| Some(PASSWORD.to_owned())).unwrap_or_else(|fault| panic!("{fault:?}"));
    assert!(public(LOCKED_PUBLIC).has_signed(&key.sign("h.pdf", CONTENT).text, CONTENT));
}

/// Submits the first quarter with these further words on the command line.
fn submit(folder: &Folder, more: &[&str]) -> std::process::Output {
    let (project, out) = (folder.path().to_str().unwrap(), folder.path().join("out"));
    let line = ["submit", project, "--report", "quarterly", "--period", "2025-Q1", "--out", out.to_str().unwrap()];
    run(&line.iter().chain(more).copied().collect::<Vec<_>>())
}

#[test]
fn what_is_submitted_with_a_key_is_signed_and_verified() {
    for (key, public, other, ending) in [
        (MINISIGN, MINISIGN_PUBLIC, LOCKED_PUBLIC, "minisig"),
        (SSH, SSH_PUBLIC, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO4O5xIyCfM3I8Xz3/CgGjzr9OZXpsJyvm//AZePGWl3", "sig"),
    ] {
        let (folder, _) = built("");
        folder.write("office.key", key);
        folder.write("office.pub", public);
        let [key, public] = ["office.key", "office.pub"].map(|name| folder.path().join(name));
        let kept = submit(&folder, &["--sign", key.to_str().unwrap()]);
        assert_eq!(kept.status.code(), Some(0), "{}", stderr(&kept));
        let names = format!("signed: quarterly.mk.pdf.{ending}, quarterly.en.pdf.{ending}");
        assert!(stdout(&kept).contains(&names), "{}", stdout(&kept));
        let pdf = folder.path().join("submitted/2025-Q1/quarterly.en.pdf");
        let said = verify(&pdf, &["--key", public.to_str().unwrap()]);
        assert_eq!(said.status.code(), Some(0), "{}{}", stdout(&said), stderr(&said));
        assert!(stdout(&said).contains("was made with this key for this very file."), "{}", stdout(&said));
        // Another key, written in place of a file.
        let said = verify(&pdf, &["--key", other.trim().lines().last().unwrap()]);
        assert_eq!(said.status.code(), Some(1), "{}{}", stdout(&said), stderr(&said));
        assert!(stdout(&said).contains("was not made with this key for this file."), "{}", stdout(&said));
        // Another file, and none beside it.
        let signature = fs::read(format!("{}.{ending}", pdf.display())).expect("the signature");
        folder.write("out/TEST-01/2025-Q2/quarterly.en.pdf.minisig", &signature);
        folder.write("out/TEST-01/2025-Q2/quarterly.en.pdf.sig", &signature);
        let said =
            verify(&folder.path().join("out/TEST-01/2025-Q2/quarterly.en.pdf"), &["--key", public.to_str().unwrap()]);
        assert!(
            said.status.code() == Some(1) && stdout(&said).contains("was not made with this key"),
            "{}",
            stdout(&said)
        );
        let said =
            verify(&folder.path().join("out/TEST-01/2025-Q1/quarterly.mk.pdf"), &["--key", public.to_str().unwrap()]);
        assert!(
            said.status.code() == Some(1) && stdout(&said).contains("Signature: none was found"),
            "{}",
            stdout(&said)
        );
    }
}

#[test]
fn a_key_that_cannot_be_used_keeps_nothing() {
    for (key, word) in
        [(LOCKED, "nobody can be asked"), (LOCKED_SSH, "a key of OpenSSH with a password"), ("x", "no secret key")]
    {
        let (folder, pdf) = built("");
        folder.write("office.key", key);
        let key = folder.path().join("office.key");
        let kept = submit(&folder, &["--sign", key.to_str().unwrap()]);
        assert_eq!(kept.status.code(), Some(2), "{}", stdout(&kept));
        assert!(stderr(&kept).contains("error[bad-key]") && stderr(&kept).contains(word), "{}", stderr(&kept));
        assert!(!folder.path().join("submitted").exists());
        folder.write("sent.pdf", &pdf);
        let said = verify(&folder.path().join("sent.pdf"), &["--key", key.to_str().unwrap()]);
        assert_eq!(said.status.code(), Some(2), "{}", stdout(&said));
        assert!(stderr(&said).contains("no public key of minisign or OpenSSH"), "{}", stderr(&said));
    }
}
