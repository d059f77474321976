// SPDX-License-Identifier: Apache-2.0

/// Shell functions that ask Docker Engine.
enum DockerShell {
  static let observing = """
    # docker_runs: asked of systemd, as asking Docker's socket would start it.
    docker_runs() {
      command -v docker >/dev/null 2>&1 &&
        [ "$(systemctl is-active docker.service 2>/dev/null)" = active ]
    }

    docker_images() {
      docker_runs && docker images --format '{{.Repository}}:{{.Tag}}' 2>/dev/null
    }

    # has_image REFERENCE LIST
    has_image() {
      case "
    $2
    " in
        *"
    $1
    "*) return 0 ;;
      esac
      return 1
    }

    # images_docker LABEL REFERENCE...
    images_docker() {
      images=$(docker_images) || return 0
      while [ $# -gt 0 ]; do
        ! has_image "$2" "$images" || printf 'exists %s\\n' "$1"
        shift 2
      done
    }
    """

  static let changing = """
    # load_image REFERENCE ARCHIVE: Docker may still be coming up.
    load_image() {
      tries=60
      until docker info >/dev/null 2>&1; do
        [ "$tries" -gt 0 ] || { refuse 'docker does not answer'; return 1; }
        tries=$((tries - 1))
        sleep 1
      done
      docker load -i "$2" || return 1
      has_image "$1" "$(docker_images)" || refuse "$2 holds no image $1"
    }

    # wake_docker: $woken says that it did not run; fails where there is none.
    wake_docker() {
      woken=''
      command -v docker >/dev/null 2>&1 || return 1
      docker_runs && return 0
      systemctl start docker.service || return 1
      woken=1
    }

    rest_docker() {
      [ -z "$woken" ] || systemctl stop docker.service
    }

    unload_image() {
      wake_docker || return 0
      ! has_image "$1" "$(docker_images)" || docker rmi -f "$1" || return 1
      rest_docker
    }

    # remove_docker_pods: the containers that a kubelet made, by its label; all others stay.
    remove_docker_pods() {
      wake_docker || return 0
      doomed=$(docker ps -aq --filter label=io.kubernetes.pod.uid) || return 1
      # shellcheck disable=SC2086 # a list of containers
      [ -z "$doomed" ] || docker rm -f -v $doomed || return 1
      rest_docker
    }
    """
}
