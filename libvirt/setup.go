package libvirt

import "github.com/lockproof/lockproof/libvirt/stacks"

// Setup says how to have a daemon log its jobs, and how to dump its stacks so that the owner of
// each lock is in them.
func Setup() string { return logSetup + "\n" + stackSetup }

const logSetup = `# Have libvirtd log its jobs, as long as it runs (libvirt 3.0 and later). To a file, for the journal does not keep the numbers of threads.
# Since libvirt 5.6 there may be one daemon for each hypervisor: then virtqemud:///system.
virt-admin -c libvirtd:///system daemon-log-outputs "1:file:/var/log/libvirt/jobs.log 3:journald"
virt-admin -c libvirtd:///system daemon-log-filters "1:qemu.qemu_domain 1:hypervisor.domain_job 1:conf.virdomainjob 1:util.threadjob 1:util.error"

# Or from its next start on, of any version: /etc/libvirt/libvirtd.conf or virtqemud.conf. A start ends all jobs, and with them what is to be seen.
log_filters="1:qemu 1:conf 1:hypervisor.domain_job 1:util.threadjob 3:util.object 3:util.json 3:util.event"
log_outputs="1:file:/var/log/libvirt/jobs.log"

# With commands and answers of QEMU as well, which are long: 1:qemu.qemu_monitor. With the scripts that are run: 1:util.command.
# KubeVirt: the annotation kubevirt.io/libvirt-log-filters of the VirtualMachineInstance, with these filters; then the log of virt-launcher.

# What it says, and what it says from now on:
lockproof history /var/log/libvirt/jobs.log
lockproof history --follow /var/log/libvirt/jobs.log
`

const stackSetup = "# The stacks of all threads, with the owners of the locks for which they wait. The daemon " +
	"stands still for a second.\n" +
	"cat > owners.gdb <<'END'\n" + stacks.Recipe + `END
gdb -p $(pidof libvirtd || pidof virtqemud) -batch -x owners.gdb > stacks.txt
lockproof history stacks.txt
`
