// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Commands

@main
enum Kubewright {
  static func main() async {
    await KubewrightCommand.main()
  }
}
