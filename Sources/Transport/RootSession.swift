// SPDX-License-Identifier: Apache-2.0

import Glibc
import Subprocess
import SystemPackage
import Values

/// What to start: a program of this machine with its arguments.
struct Launch: Sendable {
  let executable: String
  let arguments: [String]
}

/// What a script reads.
enum SessionInput: Sendable {
  case text([UInt8])
  /// Without a password ahead of it the process reads the file itself, with no copy in ours.
  case file(FileDescriptor)

  /// Back to its beginning, for another try.
  func rewind() throws {
    guard case .file(let file) = self else { return }
    try file.seek(offset: 0, from: .start)
  }
}

/// One process that runs a `RootScript`, from its start to its end.
struct RootSession: Sendable {
  let host: String
  let launch: Launch
  let token: String
  /// Given to sudo when it asks, and only then.
  let password: Sensitive?
  let input: SessionInput
  let deadline: Duration

  /// What the script says on standard output may have this many bytes.
  static let outputLimit = 64 << 20

  /// Runs it to its end.
  /// - Throws: `Failure` when the program to start is missing or says too much; `CancellationError`.
  func run(onLine: (String) async -> Void) async throws -> SessionOutcome {
    var options = PlatformOptions()
    // A session of its own: Ctrl-C in the terminal is ours to answer, and ssh cannot ask there.
    options.createSession = true
    options.teardownSequence = Self.teardown
    let configuration = Subprocess.Configuration(
      executable: launch.executable.hasPrefix("/")
        ? .path(FilePath(launch.executable)) : .name(launch.executable),
      arguments: Arguments(launch.arguments),
      environment: .inherit.updating(["SSH_ASKPASS_REQUIRE": "never"]),
      platformOptions: options
    )
    do {
      try Task.checkCancellation()
      var outcome: SessionOutcome
      if password == nil, case .file(let file) = input {
        let result = try await Subprocess.run(
          configuration,
          input: .fileDescriptor(file, closeAfterSpawningProcess: false),
          output: .sequence,
          error: .sequence
        ) { try await converse($0, writer: nil, onLine: onLine) }
        outcome = result.closureResult
        outcome.end(result.terminationStatus)
      } else {
        _ = SignalDisposition.brokenPipesIgnored
        let result = try await Subprocess.run(
          configuration,
          input: .inputWriter,
          output: .sequence,
          error: .sequence
        ) { try await converse($0, writer: $0.standardInputWriter, onLine: onLine) }
        outcome = result.closureResult
        outcome.end(result.terminationStatus)
      }
      try Task.checkCancellation()
      return outcome
    } catch let error as SubprocessError {
      try Task.checkCancellation()
      throw Failure.cannotStart(launch.executable, error, host: host)
    }
  }

  private static let teardown = [
    TeardownStep.gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
  ]

  private enum Part: Sendable {
    case errors(ErrorText)
    case fed(refused: Bool)
    case expired
    case inTime
  }

  private func converse<Input>(
    _ execution: Execution<Input, SequenceOutput, SequenceOutput>,
    writer: StandardInputWriter?,
    onLine: (String) async -> Void
  ) async throws -> SessionOutcome {
    let (cues, cue) = AsyncStream.makeStream(of: Cue.self)
    return try await withThrowingTaskGroup(of: Part.self) { group in
      group.addTask {
        var errors = ErrorText(token: token)
        for try await buffer in execution.standardError {
          for _ in 0..<buffer.withUnsafeBytes({ errors.take($0) }) { cue.yield(.prompt) }
        }
        return .errors(errors)
      }
      group.addTask {
        guard (try? await Task.sleep(for: deadline)) != nil else { return .inTime }
        await execution.teardown(using: Self.teardown)
        return .expired
      }
      if let writer {
        group.addTask { .fed(refused: await feed(writer, cues: cues)) }
      }

      var output = OutputText(token: token)
      for try await buffer in execution.standardOutput {
        let wasReady = output.isReady
        let lines = buffer.withUnsafeBytes { output.take($0) }
        if output.isReady, !wasReady { cue.yield(.ready) }
        for line in lines { await onLine(line) }
        guard output.count <= Self.outputLimit else {
          throw Failure(
            .step,
            host: host,
            "the program said more than \(Self.outputLimit >> 20) MiB",
            remedy: "this is a defect of the program: its output is results, not data"
          )
        }
      }
      if let rest = output.finish() { await onLine(rest) }

      var outcome = SessionOutcome(output: output)
      while let part = try await group.next() {
        switch part {
        case .errors(let errors):
          outcome.take(errors)
          // Both outputs are at their end, so the process is: neither a deadline nor input matters now.
          cue.finish()
          group.cancelAll()
        case .fed(let refused): outcome.passwordRefused = refused
        case .expired: outcome.expired = true
        case .inTime: continue
        }
      }
      return outcome
    }
  }

  private enum Cue: Sendable {
    case prompt
    case ready
  }

  /// Sends the input at once, or, where sudo may ask, the password when it asks and the input when root's
  /// sh is there: neither can be taken for the other.
  ///
  /// A second prompt means that the password was wrong.
  /// - Returns: whether it was.
  private func feed(_ writer: StandardInputWriter, cues: AsyncStream<Cue>) async -> Bool {
    var asked = false
    // A process that ended needs no input: how it ended tells the rest.
    func finish() async { try? await writer.finish() }
    guard let password else {
      await copyInput(to: writer)
      await finish()
      return false
    }
    for await cue in cues {
      switch cue {
      case .prompt:
        guard !asked else {
          await finish()
          return true
        }
        asked = true
        _ = try? await writer.write(password.reveal() + [UInt8(ascii: "\n")])
      case .ready:
        await copyInput(to: writer)
        await finish()
        return false
      }
    }
    await finish()
    return false
  }

  private func copyInput(to writer: StandardInputWriter) async {
    switch input {
    case .text(let bytes): _ = try? await writer.write(bytes)
    case .file(let file):
      var chunk = [UInt8](repeating: 0, count: 1 << 20)
      while let count = try? chunk.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 0 {
        let sent = try? await writer.write(count == chunk.count ? chunk : Array(chunk[..<count]))
        guard sent == count else { return }
      }
    }
  }
}

/// What this process does about signals.
private enum SignalDisposition {
  /// Writing to a process that is gone is an error to handle and no reason to die.
  ///
  /// Children get the default
  /// back: swift-subprocess resets it.
  static let brokenPipesIgnored: Bool = {
    signal(SIGPIPE, SIG_IGN)
    return true
  }()
}
