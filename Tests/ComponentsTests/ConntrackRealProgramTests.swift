// SPDX-License-Identifier: Apache-2.0

import Components
import Glibc
import Resources
import TestSupport
import Testing
import Values

/// What a real kube-proxy writes of the kernel's connection table, seen by strace.
///
/// KUBEWRIGHT_PROGRAMS names a folder with the server programs of one release. The files that crash a
/// switch are stand-ins here, in namespaces of the test's own.
@Suite(.enabled(if: ConntrackTrace.folder != nil, "KUBEWRIGHT_PROGRAMS names no folder"))
struct ConntrackRealProgramTests {
  @Test("with our configuration nothing opens the table's files for writing")
  func leavesTheTableAlone() async throws {
    let trace = try ConntrackTrace()
    let rendered = try Fixture.eos().resources("veos-l1").text("/var/lib/kube-proxy/config.yaml")
    let file = try trace.scratch.write(
      rendered.replacing("/etc/kubernetes/proxy.conf", with: trace.kubeconfig),
      to: "config.yaml"
    )
    let result = try await trace.run(["--config=\(file)", "--hostname-override=veos-l1"])
    #expect(result.isServing, "\(result.log)")
    #expect(result.writes == [])
    #expect(result.hashsize == "1024\n" && result.maximum == "65536\n")
  }

  /// But for the mode, which needs more open files than some machines allow, and the address, for which it
  /// would ask an API server for half a minute.
  @Test("with the document's configuration it writes the very file that made the kernel panic")
  func theDocumentsConfigurationWrites() async throws {
    let trace = try ConntrackTrace()
    let result = try await trace.run([
      "--cluster-cidr=10.16.0.0/16", "--kubeconfig=\(trace.kubeconfig)", "--proxy-mode=iptables",
      "--bind-address=127.0.0.1", "--v=2",
    ])
    #expect(result.writes.contains("/sys/module/nf_conntrack/parameters/hashsize"))
    #expect(result.writes.contains("/proc/sys/net/netfilter/nf_conntrack_max"))
    #expect(result.log.contains("Setting conntrack hashsize to 32768"))
    #expect(result.hashsize == "32768" && result.maximum == "131072")
  }
}

/// kube-proxy under strace, until it serves or ends.
struct ConntrackTrace {
  static var folder: String? {
    getenv("KUBEWRIGHT_PROGRAMS").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  struct Result {
    /// Files about connection tracking that were opened for writing, in order, each once.
    var writes: [String]
    var log: String
    var isServing: Bool
    var hashsize: String
    var maximum: String
  }

  let scratch: Scratch
  let kubeconfig: String

  init() throws {
    scratch = try Scratch()
    kubeconfig = try scratch.write(
      """
      apiVersion: v1
      kind: Config
      clusters: [{name: a, cluster: {server: "http://127.0.0.1:1"}}]
      users: [{name: a, user: {}}]
      contexts: [{name: a, context: {cluster: a, user: a}}]
      current-context: a

      """,
      to: "kubeconfig"
    )
    try scratch.write("1024\n", to: "module/nf_conntrack/parameters/hashsize")
    try scratch.write("65536\n", to: "maximum")
    try scratch.write("", to: "trace")
  }

  private static let marker = "Starting service config controller"

  private static let program = """
    set -e
    mount -t proc proc /proc
    mount --bind "$1/module" /sys/module
    mount --bind "$1/maximum" /proc/sys/net/netfilter/nf_conntrack_max
    ip link set lo up
    cd "$1"
    shift
    strace -f -qq -e trace=open,openat,creat -o trace "$@" >log 2>&1 &
    tries=0
    while kill -0 "$!" 2>/dev/null && ! grep -q '\(marker)' log && [ "$tries" -lt 300 ]; do
      sleep 0.2
      tries=$((tries + 1))
    done
    """

  func run(_ arguments: [String]) async throws -> Result {
    // What is left running ends with its namespace.
    let result = try await Command.run(
      ["unshare", "-m", "-n", "-p", "-f", "--propagation", "private", "sh", "-s", scratch.path]
        + ["\(Self.folder ?? "")/kube-proxy"] + arguments,
      input: Self.program
    )
    guard result.exitCode == 0 else { throw Unexpected(result) }
    let log = try scratch.text(of: "log")
    return Result(
      writes: Self.writes(try scratch.text(of: "trace")),
      log: log,
      isServing: log.contains(Self.marker),
      hashsize: try scratch.text(of: "module/nf_conntrack/parameters/hashsize"),
      maximum: try scratch.text(of: "maximum")
    )
  }

  private static func writes(_ trace: String) -> [String] {
    var paths: [String] = []
    for line in trace.split(separator: "\n") {
      let isWriting = ["O_WRONLY", "O_RDWR", "creat("].contains(where: line.contains)
      let words = line.split(separator: "\"", omittingEmptySubsequences: false)
      guard isWriting, words.count > 1, words[1].contains("conntrack") else { continue }
      if !paths.contains(String(words[1])) { paths.append(String(words[1])) }
    }
    return paths
  }
}
