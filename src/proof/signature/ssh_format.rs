//! Keys and signatures as OpenSSH writes them (PROTOCOL.key, PROTOCOL.sshsig), Ed25519 alone.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use sha2::{Digest, Sha512};

use super::KeyFault;

const KEY_HEAD: &str = "-----BEGIN OPENSSH PRIVATE KEY-----";
const KEY_FOOT: &str = "-----END OPENSSH PRIVATE KEY-----";
const KEY_MAGIC: &[u8] = b"openssh-key-v1\0";
const SIGNATURE_HEAD: &str = "-----BEGIN SSH SIGNATURE-----";
const SIGNATURE_FOOT: &str = "-----END SSH SIGNATURE-----";
const SIGNATURE_MAGIC: &[u8] = b"SSHSIG";
const VERSION: u32 = 1;
const KEY_TYPE: &[u8] = b"ssh-ed25519";
/// What `ssh-keygen -Y sign -n file` says that a signature is for.
const NAMESPACE: &[u8] = b"file";
const HASH: &[u8] = b"sha512";
/// Letters of a line of base64.
const LINE: usize = 70;

pub(super) fn is_secret_key(text: &str) -> bool {
    text.trim_start().starts_with(KEY_HEAD)
}

pub(super) fn read_secret_key(text: &str) -> Result<SigningKey, KeyFault> {
    let bytes = unarmour(text, KEY_HEAD, KEY_FOOT).ok_or(KeyFault::Unknown)?;
    let mut fields = KeyFields(bytes.strip_prefix(KEY_MAGIC).ok_or(KeyFault::Unknown)?);
    let cipher = fields.text().ok_or(KeyFault::Unknown)?;
    if cipher != b"none" {
        return Err(KeyFault::EncryptedSsh);
    }
    read_plain_key(&mut fields).ok_or(KeyFault::Unknown)
}

fn read_plain_key(fields: &mut KeyFields) -> Option<SigningKey> {
    // Derivation of a key from a password, with its options; how many keys there are; the public one.
    let (_, _, count, _) = (fields.text()?, fields.text()?, fields.number()?, fields.text()?);
    let mut secret = KeyFields(fields.text().filter(|_| count == 1)?);
    let is_whole = secret.number()? == secret.number()?;
    let (kind, public, pair) = (secret.text()?, secret.text()?, secret.text()?);
    let seed: [u8; 32] = pair.get(..32)?.try_into().ok()?;
    let key = SigningKey::from_bytes(&seed);
    (is_whole && kind == KEY_TYPE && key.verifying_key().as_bytes() == public).then_some(key)
}

/// A line of a file of public keys: `ssh-ed25519 AAAA… comment`.
pub(super) fn read_public_key(text: &str) -> Option<VerifyingKey> {
    let mut words = text.split_whitespace().skip_while(|word| word.as_bytes() != KEY_TYPE);
    let (_, key) = (words.next()?, words.next()?);
    public_key_of(&BASE64_STANDARD.decode(key).ok()?)
}

fn public_key_of(blob: &[u8]) -> Option<VerifyingKey> {
    let mut fields = KeyFields(blob);
    let key = fields.text().filter(|kind| *kind == KEY_TYPE).and(fields.text())?;
    VerifyingKey::from_bytes(key.try_into().ok()?).ok()
}

pub(super) fn sign(key: &VerifyingKey, content: &[u8], sign: impl Fn(&[u8]) -> Signature) -> String {
    let signature = sign(&signed_bytes(content));
    let mut blob = SIGNATURE_MAGIC.to_vec();
    blob.extend(VERSION.to_be_bytes());
    let signature = [text(KEY_TYPE), text(&signature.to_bytes())].concat();
    for field in [&*[text(KEY_TYPE), text(key.as_bytes())].concat(), NAMESPACE, b"", HASH, &signature] {
        blob.extend(text(field));
    }
    let encoded = BASE64_STANDARD.encode(blob);
    let lines = encoded.as_bytes().chunks(LINE).map(String::from_utf8_lossy);
    let lines: String = lines.map(|line| format!("{line}\n")).collect();
    format!("{SIGNATURE_HEAD}\n{lines}{SIGNATURE_FOOT}\n")
}

pub(super) fn is_signed(key: &VerifyingKey, signature: &str, content: &[u8]) -> bool {
    let check = || {
        let blob = unarmour(signature, SIGNATURE_HEAD, SIGNATURE_FOOT)?;
        let mut fields = KeyFields(blob.strip_prefix(SIGNATURE_MAGIC)?);
        let is_known = fields.number()? == VERSION;
        let signer = public_key_of(fields.text()?)?;
        let (namespace, _, hash) = (fields.text()?, fields.text()?, fields.text()?);
        let mut inner = KeyFields(fields.text()?);
        let bytes = inner.text().filter(|kind| *kind == KEY_TYPE).and(inner.text())?;
        let signature = Signature::from_slice(bytes).ok()?;
        let is_ours = is_known && namespace == NAMESPACE && hash == HASH && signer == *key;
        (is_ours && key.verify_strict(&signed_bytes(content), &signature).is_ok()).then_some(())
    };
    check().is_some()
}

/// What is signed in place of the content.
fn signed_bytes(content: &[u8]) -> Vec<u8> {
    let fields = [text(NAMESPACE), text(b""), text(HASH), text(&Sha512::digest(content))];
    [SIGNATURE_MAGIC.to_vec(), fields.concat()].concat()
}

/// A text with its length before it.
fn text(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), bytes].concat()
}

fn unarmour(text: &str, head: &str, foot: &str) -> Option<Vec<u8>> {
    let (inner, _) = text.trim_start().strip_prefix(head)?.split_once(foot)?;
    let encoded: String = inner.chars().filter(|letter| !letter.is_whitespace()).collect();
    BASE64_STANDARD.decode(encoded).ok()
}

/// KeyFields of a key or a signature, each with its length before it.
struct KeyFields<'b>(&'b [u8]);

impl<'b> KeyFields<'b> {
    fn number(&mut self) -> Option<u32> {
        let (number, rest) = self.0.split_at_checked(4)?;
        self.0 = rest;
        Some(u32::from_be_bytes(number.try_into().ok()?))
    }

    fn text(&mut self) -> Option<&'b [u8]> {
        let length = self.number()? as usize;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(text)
    }
}
