// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import Values

extension RootShell {
  /// See `Transport.upload`.
  func upload(
    file: String,
    to path: String,
    digest: Digest,
    mode: Values.FileMode,
    onProgress: (Int) async -> Void
  ) async throws {
    let input: FileDescriptor
    let size: Int
    do {
      input = try FileDescriptor.open(file, .readOnly, options: .closeOnExec)
      size = Int(try input.seek(offset: 0, from: .end))
    } catch {
      throw Failure(
        .artifact,
        host: host,
        "cannot read \(file)",
        why: String(describing: error),
        remedy: "fetch the artifacts again"
      )
    }
    defer { try? input.close() }
    // The network is watched by ssh itself: this only ends what hangs on the host, below 100 kB/s.
    let deadline = Duration.seconds(600 + size / 100_000)
    let script = RootScript.upload(path: path, digest: digest.hex, mode: mode.description)

    let outcome = try await withThrowingTaskGroup(of: SessionOutcome?.self) { group in
      group.addTask {
        try await session(script, input: .file(input), deadline: deadline, onLine: { _ in })
      }
      func tick() {
        group.addTask {
          try? await Task.sleep(for: .milliseconds(200))
          return nil
        }
      }
      tick()
      while let next = try await group.next() {
        if let outcome = next {
          group.cancelAll()
          return outcome
        }
        // ssh reads through our open file, so its place there is how much is under way.
        await onProgress(Int((try? input.seek(offset: 0, from: .current)) ?? 0))
        tick()
      }
      throw CancellationError()
    }
    guard let code = outcome.exitCode else { throw await launcher.failure(of: outcome) }
    guard code == 0 else {
      throw uploadFailure(code, outcome, of: file, size: size, to: path, digest: digest)
    }
    await onProgress(size)
  }

  /// What the exit codes of `RootScript.upload` mean.
  private func uploadFailure(
    _ code: Int32,
    _ outcome: SessionOutcome,
    of file: String,
    size: Int,
    to path: String,
    digest: Digest
  ) -> Failure {
    let said = outcome.standardError.trimmed
    switch code {
    case 21 where ["No space left", "quota exceeded"].contains { said.contains($0) }:
      return Failure(
        .step,
        host: host,
        "no space is left for \(path) (\(size) bytes)",
        why: said,
        remedy: "free space there and run the same command again; nothing was left behind"
      )
    case 22:
      return Failure(
        .preflight,
        host: host,
        "the host cannot compute SHA-256",
        remedy: "install coreutils (sha256sum), busybox or openssl there"
      )
    case 23:
      return Failure(
        .artifact,
        host: host,
        "\(path) would not be what was planned",
        why: "sha256 \(digest.hex) is due, \(outcome.standardOutput.trimmed) arrived",
        remedy: "the local file \(file) is damaged or changed: fetch the artifacts again"
      )
    default:
      return Failure(.step, host: host, "\(path) cannot be written", why: said)
    }
  }
}
