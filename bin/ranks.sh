# Sourced by dlio_benchmark: what the processes of an MPI launcher do.
#
# On each host the process with local rank 0 runs Java for all ranks of the host; the others are no
# JVM: they wait for it and return its exit code. They find it by a folder in the temporary folder of
# the host that exists only until all are there. Then they wait for a lock on a file without a name:
# the kernel releases it whatever becomes of its holder, and nothing can be left behind.
# No MPI library is needed: the launchers tell their processes all that matters in the environment.
# shellcheck shell=bash

arrival_seconds=120

# Sets launcher (empty without one), rank, ranks_total, local_rank, local_size, and job: what the launcher
# calls this run, different for each run.
detect_ranks() {
  launcher='' rank=0 ranks_total=1 local_rank=0 local_size=1 job=''
  if [ -n "${OMPI_COMM_WORLD_SIZE:-}" ]; then
    launcher='Open MPI'
    from_environment OMPI_COMM_WORLD_RANK OMPI_COMM_WORLD_SIZE \
      OMPI_COMM_WORLD_LOCAL_RANK OMPI_COMM_WORLD_LOCAL_SIZE
    job=${PMIX_NAMESPACE:-${OMPI_MCA_ess_base_jobid:-}}-${OMPI_MCA_orte_precondition_transports:-}
  elif [ -n "${PALS_RANKID:-}" ]; then
    launcher='PALS'
    from_environment PALS_RANKID PMI_SIZE PALS_LOCAL_RANKID PALS_LOCAL_SIZE
    job=${PALS_APID:-}
  elif [ -n "${PMI_RANK:-}" ] && [ -n "${MPI_LOCALRANKID:-}" ]; then
    launcher='MPICH'
    from_environment PMI_RANK PMI_SIZE MPI_LOCALRANKID MPI_LOCALNRANKS
    [ "$ranks_total" -eq 1 ] || job=$(job_of_hydra)
  elif [ -n "${SLURM_PROCID:-}" ] && is_number "${SLURM_STEP_ID:-}"; then
    # Without a step, these are the variables of a batch script, which is not started N times.
    launcher='Slurm'
    SLURM_LOCAL_SIZE=$(tasks_on_node "${SLURM_STEP_TASKS_PER_NODE:-}" "${SLURM_NODEID:-0}")
    from_environment SLURM_PROCID SLURM_STEP_NUM_TASKS SLURM_LOCALID SLURM_LOCAL_SIZE
    job=${SLURM_JOB_ID:-}.$SLURM_STEP_ID.${SLURM_RESTART_COUNT:-0}
  fi
}

is_number() {
  [[ "$1" =~ ^[0-9]{1,9}$ ]]
}

# The names of the variables of rank, size, local rank, local size.
from_environment() {
  local name
  for name in "$@"; do
    is_number "${!name:-}" ||
      fail "$launcher started this process, but $name is '${!name:-}'; expected a number"
  done
  rank=${!1} ranks_total=${!2} local_rank=${!3} local_size=${!4}
}

# The number of tasks on node $2, counted from 0, in Slurm's notation $1, e.g. 4(x3),2.
tasks_on_node() {
  local part tasks nodes left=$2
  local IFS=,
  for part in $1; do
    tasks=${part%%(*} nodes=1
    [[ "$part" =~ \(x([0-9]+)\)$ ]] && nodes=${BASH_REMATCH[1]}
    if [ "$left" -lt "$nodes" ]; then
      echo "$tasks"
      return
    fi
    left=$((left - nodes))
  done
}

# Hydra (MPICH, Intel MPI) names its runs only in answer to a question, in PMI-1's plain text.
job_of_hydra() {
  local answer
  if [ -z "${PMI_FD:-}" ]; then
    echo "${PMI_ID:-}-$PPID"
    return
  fi
  ask_hydra 'cmd=init pmi_version=1 pmi_subversion=1' >/dev/null
  answer=$(ask_hydra 'cmd=get_my_kvsname')
  ask_hydra 'cmd=finalize' >/dev/null
  [[ "$answer" =~ kvsname=([^ ]+) ]] || fail "$launcher does not tell the name of this run: $answer"
  echo "${BASH_REMATCH[1]}"
}

ask_hydra() {
  local line=''
  printf '%s\n' "$1" >&"$PMI_FD"
  IFS= read -r -t 10 -u "$PMI_FD" line || true
  echo "$line"
}

# Takes part in the run of all ranks; ends the process with the exit code of the run.
run_as_rank() {
  command -v flock >/dev/null || fail "no flock found; install util-linux"
  export HOSTNAME
  local key="$job-${DLIO_FLINK_SIMULATED_HOST:-$HOSTNAME}"
  meeting=${TMPDIR:-/tmp}/dlio-flink-$UID-${key//[^A-Za-z0-9._-]/_}
  if [ "$local_rank" -eq 0 ]; then
    lead_host "$@"
  else
    follow
  fi
}

# Local rank 0: waits for the others of this host, then runs Java for all of them.
lead_host() {
  local code=1 main=io.dlioflink.job.DlioBenchmark jvm='' signal=0
  trap 'rm -rf "$meeting" "$meeting.$$"' EXIT
  trap 'exit 143' TERM HUP
  trap 'exit 130' INT
  open_meeting
  gather
  rm -rf "$meeting"
  trap - EXIT

  [ "$rank" -eq 0 ] || main=io.dlioflink.job.HostWorker
  java_command_of "$main"
  java_command=("${java_command[0]}" "-Ddlio-flink.ranks=$ranks_total" "-Ddlio-flink.local-ranks=$local_size"
    "-Ddlio-flink.job=$job" "${java_command[@]:1}")
  # Launchers bind each process to processors of its own; Java runs on those of all ranks of the host.
  if command -v taskset >/dev/null && taskset -c "$processors" true 2>/dev/null; then
    java_command=(taskset -c "$processors" "${java_command[@]}")
  fi
  if [ "$rank" -eq 0 ]; then
    # Background processes of a script ignore Ctrl-C; the end is passed on as SIGTERM.
    trap 'signal=2; kill -TERM "$jvm" 2>/dev/null || true' INT
    trap 'signal=15; kill -TERM "$jvm" 2>/dev/null || true' TERM HUP
  else
    # The leader ends the run; who ends before it is taken for a crash by some launchers.
    trap '' INT TERM HUP
  fi
  "${java_command[@]}" "$@" 9>&- &
  jvm=$!
  # A signal ends wait, too.
  while :; do
    wait "$jvm" && code=0 || code=$?
    kill -0 "$jvm" 2>/dev/null || break
  done
  [ "$signal" -eq 0 ] || code=$((128 + signal))
  echo "$code" >&9
  exit "$code"
}

# Takes the lock, then lets the others see it.
open_meeting() {
  local preparing=$meeting.$$
  mkdir -m 700 "$preparing" || fail "no folder for the ranks of this host could be made"
  exec 9>"$preparing/lock"
  flock -x 9
  # What a run of the same name left behind has no living leader.
  rm -rf "$meeting"
  mv -T "$preparing" "$meeting" || fail "$meeting is in the way; remove it"
}

# Waits until all ranks of this host are there; sets processors to all that they may use.
gather() {
  local deadline=$((SECONDS + arrival_seconds)) i
  processors=$(allowed_processors)
  for ((i = 1; i < local_size; i++)); do
    until [ -e "$meeting/rank.$i" ]; do
      [ "$SECONDS" -lt "$deadline" ] ||
        fail "local rank $i of $HOSTNAME did not come within $arrival_seconds s"
      sleep 0.02
    done
    processors+=,$(<"$meeting/rank.$i")
  done
}

allowed_processors() {
  local name value
  while read -r name value; do
    if [ "$name" = Cpus_allowed_list: ]; then
      echo "$value"
    fi
  done </proc/self/status
}

# The other ranks: report to local rank 0, wait for its end, return what it returned.
follow() {
  local deadline=$((SECONDS + arrival_seconds)) code=''
  while true; do
    # A lock that nobody holds is that of a run that is over.
    if [ -O "$meeting" ] && { exec 9<"$meeting/lock"; } 2>/dev/null && ! flock -n -s 9; then
      break
    fi
    [ "$SECONDS" -lt "$deadline" ] || fail "local rank 0 of $HOSTNAME did not come within $arrival_seconds s"
    sleep 0.02
  done
  allowed_processors >"$meeting/.rank.$local_rank" && mv "$meeting/.rank.$local_rank" "$meeting/rank.$local_rank"
  # The end comes from local rank 0; who ends before it is taken for a crash by some launchers.
  trap '' INT TERM HUP
  flock -s 9
  read -r code <&9 || true
  is_number "$code" || fail "local rank 0 of $HOSTNAME ended without an exit code"
  exit "$code"
}
