// SPDX-License-Identifier: Apache-2.0

/// A small script that a host's sh runs as root, and the words that start it from any login.
///
/// The words go through the login shell of the host, which may be no POSIX shell: they hold no single quote,
/// backslash, exclamation mark or line break, and nothing secret. What speaks to us does so in
/// lines that begin with the session's token:
///
///     stderr  TOKEN sudo         not root: sudo comes next
///     stderr  TOKEN password     sudo's prompt; only then is the password sent
///     stdout  TOKEN ready        root's sh runs; all before is a login's chatter
///     stderr  TOKEN exit N       how the program ended: its absence shows a broken connection
struct RootScript: Sendable, Equatable {
  /// The script's body; `$1` on are `parameters`.
  let body: String
  let parameters: [String]

  /// Reads a program from standard input, whole, and runs it with an empty standard input.
  ///
  /// So no child of it can eat the rest. It comes as one compound command (`framed`): cut short anywhere it is a
  /// syntax error, and nothing of it runs.
  static let program = RootScript(
    body: #"(eval "exec 3<&-; $(cat <&3)") 3<&0 </dev/null"#,
    parameters: []
  )

  /// `program` as one compound command.
  static func framed(_ program: String) -> String {
    "{ :\n\(program)\n}\n"
  }

  /// Receives a file on standard input.
  ///
  /// It is written beside its place, and renamed when it is whole, right and on the disk.
  static func upload(path: String, digest: String, mode: String) -> RootScript {
    RootScript(
      body: [
        "(",
        #"t=$1.$_kw.part; d=${1%/*};"#,
        #"if [ -d "$1" ]; then echo "$1 is a folder" >&2; exit 20; fi;"#,
        #"drop() { rm -f "$t"; }; trap drop EXIT; trap "exit 19" HUP INT PIPE TERM;"#,
        "umask 077;",
        #"mkdir -p "${d:-/}" || exit 20;"#,
        #"cat >"$t" || exit 21;"#,
        // OpenSSL first: it takes the processor's own instructions, three times as fast as sha256sum.
        #"h=$(openssl dgst -sha256 -r <"$t" 2>/dev/null) || h=$(sha256sum <"$t" 2>/dev/null) ||"#,
        #"h=$(busybox sha256sum <"$t" 2>/dev/null) || exit 22;"#,
        #"h=${h%% *};"#,
        #"[ "$h" = "$2" ] || { echo "$h"; exit 23; };"#,
        #"chmod "$3" "$t" || exit 20;"#,
        #"sync "$t" 2>/dev/null || sync;"#,
        #"mv -f "$t" "$1" || exit 20;"#,
        #"sync "${d:-/}" 2>/dev/null || sync"#,
        ")",
      ].joined(separator: " "),
      parameters: [path, digest, mode]
    )
  }

  /// What every script starts from, whatever the login's environment was.
  private static let prelude =
    "cd /; umask 022; LC_ALL=C; export LC_ALL; "
    + "PATH=${PATH:+$PATH:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH; "

  /// The command that becomes root and runs the script: a login as root needs nothing, others sudo.
  ///
  /// `password`: whether sudo may ask for a password on standard input.
  func words(token: String, password: Bool) -> [String] {
    let sudo = password ? #"sudo -S -p "$1 password""# : "sudo -n"
    let become =
      #"LC_ALL=C; export LC_ALL; if [ "$(id -u)" = 0 ]; then exec sh -c "$0" sh "$@"; fi; "#
      + #"echo "$1 sudo" >&2; exec \#(sudo) sh -c "$0" sh "$@""#
    let script =
      Self.prelude + #"echo "$1 ready"; _kw=$1; shift; "# + body
      + #"; set -- $?; echo >&2; echo "$_kw exit $1" >&2; exit "$1""#
    return ["sh", "-c", become, script, token] + parameters
  }
}
