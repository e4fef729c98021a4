//! Says whether a folder lies on a file system of the network, where locks and what is on disk are a matter of luck.
//!
//! Linux tells it in `/proc/self/mountinfo`, which needs no system call of our own. Elsewhere nothing is said.

use std::path::Path;

/// File systems that other machines may write to at the same time.
const SHARED: [&str; 17] = [
    "9p",
    "acfs",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "coda",
    "davfs",
    "fuse.glusterfs",
    "fuse.sshfs",
    "gfs2",
    "glusterfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
];

/// The name of the file system of the network that a folder lies on, if it does.
pub fn file_system(folder: &Path) -> Option<String> {
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    // The folder may not be there yet; the one that it will be made in decides.
    let there = folder.ancestors().find_map(|it| it.canonicalize().ok())?;
    let kind = kind_of(&mounts, &there)?;
    SHARED.contains(&kind.as_str()).then_some(kind)
}

/// The file system of the mount that a folder lies under: the longest path wins, of equal ones the last.
fn kind_of(mounts: &str, folder: &Path) -> Option<String> {
    let mut best: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        // 36 35 98:0 /root /mount/point options… [tags…] - kind source options
        let Some((front, back)) = line.split_once(" - ") else {
            continue;
        };
        let (Some(point), Some(kind)) = (front.split(' ').nth(4), back.split(' ').next()) else {
            continue;
        };
        let point = unescape(point);
        let length = point.len();
        if folder.starts_with(&point) && best.is_none_or(|(longest, _)| length >= longest) {
            best = Some((length, kind));
        }
    }
    best.map(|(_, kind)| kind.to_owned())
}

/// Blanks and the like stand as octal numbers behind a backslash.
fn unescape(point: &str) -> String {
    let mut all = String::new();
    let mut rest = point;
    while let Some((front, back)) = rest.split_once('\\') {
        all.push_str(front);
        let code = back.get(..3).and_then(|it| u8::from_str_radix(it, 8).ok());
        match code {
            Some(code) => {
                all.push(char::from(code));
                rest = back.get(3..).unwrap_or_default();
            }
            None => {
                all.push('\\');
                rest = back;
            }
        }
    }
    all + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_mount_decides() {
        let mounts = "\
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 21 0:45 / /home rw - nfs4 server:/home rw,vers=4.2
41 40 8:2 / /home/ada/local\\040disk rw master:7 - xfs /dev/sdb1 rw
42 21 0:46 / /homes rw - tmpfs tmpfs rw
";
        let kind = |path: &str| kind_of(mounts, Path::new(path));
        assert_eq!(kind("/var").as_deref(), Some("ext4"));
        assert_eq!(kind("/home/ada/.local").as_deref(), Some("nfs4"));
        assert_eq!(kind("/home/ada/local disk/x").as_deref(), Some("xfs"));
        assert_eq!(kind("/homes/x").as_deref(), Some("tmpfs"));
        assert_eq!(kind_of("nonsense", Path::new("/")), None);
    }
}
