// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
package import NIOSSL
import Values

/// Reads the certificate that a TLS server shows, without trusting it.
package enum ServedCertificate {
  /// The server's own certificate at `address` (`10.0.0.1:6443`).
  /// - Throws: `Failure` (`unreachable`).
  package static func read(at address: String) async throws -> NIOSSLCertificate {
    let parts = address.split(separator: ":").map(String.init)
    guard parts.count == 2, let port = Int(parts[1]) else {
      throw Failure(.internalError, "'\(address)' is no address with a port")
    }
    return try await read(host: parts[0], port: port)
  }

  /// The own certificate of the server at a port of `host`, a name or an address.
  /// - Throws: `Failure` (`unreachable`).
  package static func read(host: String, port: Int) async throws -> NIOSSLCertificate {
    let address = "\(host):\(port)"
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.certificateVerification = .noHostnameVerification
    // Nobody is trusted; the machine's authorities, which are looked for otherwise, may not be there.
    configuration.trustRoots = .certificates([])
    // Who has many names at one address goes by it; addresses have no place in that field.
    let isName = (try? SocketAddress(ipAddress: host, port: port)) == nil
    do {
      let context = try NIOSSLContext(configuration: configuration)
      let loop = MultiThreadedEventLoopGroup.singleton.next()
      let shown = loop.makePromise(of: NIOSSLCertificate.self)
      let connecting = ClientBootstrap(group: loop).connectTimeout(.seconds(5))
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            let handler = try NIOSSLClientHandler(
              context: context,
              serverHostname: isName ? host : nil,
              customVerificationCallback: { chain, verdict in
                if let leaf = chain.first { shown.succeed(leaf) }
                // What was to be seen is seen: no session with an unverified server.
                verdict.succeed(.failed)
              }
            )
            try channel.pipeline.syncOperations.addHandler(handler)
          }
        }.connect(host: host, port: port)
      connecting.whenComplete { outcome in
        switch outcome {
        case .success(let channel):
          channel.closeFuture.whenComplete { _ in
            shown.fail(Failure(.unreachable, "\(address) closed the connection before TLS was up"))
          }
        case .failure(let error): shown.fail(error)
        }
      }
      loop.scheduleTask(in: .seconds(10)) {
        shown.fail(Failure(.unreachable, "\(address) did not answer in TLS within 10 s"))
      }
      let certificate = try await shown.futureResult.get()
      connecting.whenSuccess { $0.close(promise: nil) }
      return certificate
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(.unreachable, "no TLS at \(address)", why: ConnectionReason.text(of: error))
    }
  }
}
