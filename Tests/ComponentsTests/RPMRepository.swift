// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// RPM packages made and signed by the real programs, in repositories as they are published.
///
/// `os` stands for the distribution's, unsigned; `crio` and `update` are signed by us; `unsigned`, `other`
/// (signed by somebody else) and `damaged` are not to be taken.
struct RPMRepository {
  private let scratch: Scratch
  /// Our public key, ASCII-armoured.
  let key: String
  /// What dnf puts in place of `$basearch`.
  let architecture: String

  /// Made once for all tests.
  static let made = Task { try await Self() }

  private init() async throws {
    scratch = try Scratch()
    let result = try await Command.run(["sh", "-s", scratch.path], input: Self.making)
    guard result.exitCode == 0 else { throw Unexpected(result) }
    key = try scratch.text(of: "key.asc")
    architecture = try scratch.text(of: "architecture")
  }

  /// Puts the repository where the sandbox's `file:///repository/$basearch/` is.
  func publish(_ name: String, in sandbox: Sandbox) async throws {
    let copy = "rm -rf \"$2/repository\" && cp -r \"$1\" \"$2/repository\""
    let result = try await Command.run([
      "sh", "-c", copy, "copy", "\(scratch.path)/\(name)", sandbox.root,
    ])
    guard result.exitCode == 0 else { throw Unexpected(result) }
  }

  /// The distribution's repository, and yum by its name: CentOS' own yum 3 needs a Python that is no more,
  /// so this shows what dnf does when it is called so.
  func prepare(_ sandbox: Sandbox) async throws {
    try sandbox.write(
      "[os]\nname=os\nbaseurl=file:///os/$basearch/\ngpgcheck=0\n",
      to: "/etc/yum.repos.d/os.repo"
    )
    try sandbox.write("#!/bin/sh\nexec dnf \"$@\"\n", to: "/stub/yum", mode: 0o755)
    // /usr is not to be written; packages of ours put their programs here.
    try sandbox.write("", to: "/local/empty")
    let result = try await Command.run("cp", "-r", "\(scratch.path)/os", "\(sandbox.root)/os")
    guard result.exitCode == 0 else { throw Unexpected(result) }
  }

  private static let making = """
    set -e
    umask 022
    cd "$1"
    HOME=$PWD
    export HOME
    rpm -E '%{_arch}' | tr -d '\\n' >architecture
    arch=$(cat architecture)
    for owner in ours theirs; do
      mkdir -m 0700 "$owner"
      gpg --homedir "$owner" --batch --quiet --passphrase '' \\
        --quick-generate-key "$owner@example.invalid" rsa2048 sign never
    done
    gpg --homedir ours --armor --export >key.asc

    # rpm NAME VERSION REPOSITORY: the sections after %description come over standard input.
    package() {
      {
        printf 'Name: %s\\nVersion: %s\\nRelease: 1\\nSummary: Test\\nLicense: Apache-2.0\\n' "$1" "$2"
        printf 'BuildArch: noarch\\n%%description\\nTest.\\n'
        cat
      } >"$1.spec"
      mkdir -p "$3/$arch"
      rpmbuild --quiet -bb --define "_topdir $PWD/build" --define "_rpmdir $PWD/rpms" "$1.spec"
      mv "rpms/noarch/$1-$2-1.noarch.rpm" "$3/$arch/"
    }

    sign() {
      GNUPGHOME=$PWD/$1 rpmsign --addsign --define '__gpg /usr/bin/gpg' \\
        --define "_gpg_name $1@example.invalid" "$2/$arch"/*.rpm >/dev/null
    }

    # The places of CRI-O 1.11's own package, but for what it has below /usr.
    crio() {
      package cri-o "$1" "$2" <<EOF
    %install
    mkdir -p %{buildroot}/etc/crio %{buildroot}/etc/cni/net.d
    mkdir -p %{buildroot}/usr/local/bin %{buildroot}/usr/local/lib/systemd/system
    echo '# of the package, $1' >%{buildroot}/etc/crio/crio.conf
    echo '{"name": "crio-bridge"}' >%{buildroot}/etc/cni/net.d/100-crio-bridge.conf
    echo '#!/bin/sh' >%{buildroot}/usr/local/bin/crio
    echo '[Service]' >%{buildroot}/usr/local/lib/systemd/system/crio.service
    %files
    %dir /etc/crio
    %dir /etc/cni
    %dir /etc/cni/net.d
    %config(noreplace) /etc/crio/crio.conf
    %config(noreplace) /etc/cni/net.d/100-crio-bridge.conf
    /usr/local/bin/crio
    /usr/local/lib/systemd/system/crio.service
    EOF
    }

    for name in chrony conntrack-tools iproute iptables socat; do
      echo '%files' | package "$name" 1 os
    done
    crio 1.11.15 unsigned
    cp -r unsigned crio
    cp -r unsigned other
    crio 1.11.16 update
    sign ours crio
    sign ours update
    sign theirs other
    for name in os crio update unsigned other; do createrepo_c -q "$name/$arch"; done
    cp -r crio damaged
    for file in damaged/"$arch"/*.rpm; do printf x >>"$file"; done
    for owner in ours theirs; do gpgconf --homedir "$owner" --kill all; done
    """
}
