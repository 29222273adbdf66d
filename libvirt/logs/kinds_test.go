package logs

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lockproof/lockproof/checker/diagnose"
	"github.com/lockproof/lockproof/model"
)

// l is a line of the daemon's own log. The time is minutes, seconds and thousandths.
func l(at string, thread int, level, function, format string, args ...any) string {
	return fmt.Sprintf("2031-04-07 09:%s+0000: %d: %s : %s:1 : %s\n", at, thread, level, function, fmt.Sprintf(format, args...))
}

const begin = "virDomainObjBeginJobInternal"

// refused is a warning and its error.
func refused(at string, thread int, want, now, owners, held string) string {
	return l(at, thread, "warning", begin, "Cannot start job (%s) in API remoteDispatchDomainGetInfo for domain g; current job is (%s) owned by (%s)", want, now, owners) +
		l(at, thread, "error", begin, "Timed out during operation: cannot acquire state change lock%s", held)
}

const none = "0 <null>"

// kinds are inputs of each kind that people send, as short as they can be.
var kinds = []struct {
	name, text string
	format     diagnose.Format
	cause      diagnose.Cause
	fault      bool
	holders    string // domain/job/async/agent/thread/api, a line each
	waiters    string // thread/for/timed out or refused
	rules      []model.Kind
}{
	{
		"the agent does not answer", refused("01:40.000", 77, "none, query, none", "none, query, none", none+", 55 remoteDispatchDomainQemuAgentCommand, "+none+" (flags=0x0)) for (0s, 310s, 0s", " (held by agent=remoteDispatchDomainQemuAgentCommand)"),
		diagnose.LibvirtdLog, diagnose.AgentSilent, true, "g///query/55/remoteDispatchDomainQemuAgentCommand", "77/agent/timed out", nil,
	},
	{
		"agent and job", refused("01:40.000", 77, "modify, modify, none", "modify, modify, none", "55 remoteDispatchDomainSetVcpusFlags, 55 remoteDispatchDomainSetVcpusFlags, "+none+" (flags=0x0)) for (310s, 310s, 0s", ""),
		diagnose.LibvirtdLog, diagnose.AgentSilent, true, "g/modify///55/remoteDispatchDomainSetVcpusFlags g///modify/55/remoteDispatchDomainSetVcpusFlags", "77/agent+job/timed out", nil,
	},
	{
		"reconnect", refused("01:40.000", 77, "query, none, none", "modify, none, none", "700 init-g, "+none+", "+none+" (flags=0x0)) for (95s, 0s, 0s", " (held by monitor=init-g)"),
		diagnose.LibvirtdLog, diagnose.Reconnect, true, "g/modify///700/init-g", "77/job/timed out", nil,
	},
	{
		"too many wait", l("01:40.000", 77, "error", begin, "operation failed: cannot acquire state change lock due to max_queued limit"),
		diagnose.LibvirtdLog, diagnose.QueueLimit, false, "", "77//refused", nil,
	},
	{
		"too many wait, and the job changes hands", strings.Replace(refused("01:40.000", 77, "query, none, none", "query, none, none", "55 remoteDispatchDomainBlockStats, "+none+", "+none+" (flags=0x0)) for (0s, 0s, 0s", " due to max_queued limit"), "Timed out during operation", "operation failed", 1),
		diagnose.LibvirtdLog, diagnose.QueueLimit, false, "g/query///55/remoteDispatchDomainBlockStats", "77/job/refused", nil,
	},
	{
		"nobody has it any more", refused("01:40.000", 77, "modify, none, none", "none, none, none", none+", "+none+", "+none+" (flags=0x0)) for (0s, 0s, 0s", ""),
		diagnose.LibvirtdLog, diagnose.HolderGone, false, "", "77/job/timed out", nil,
	},
	{
		"a short job stands in the way", refused("01:40.000", 77, "modify, none, none", "query, none, none", "55 remoteDispatchDomainBlockStats, "+none+", "+none+" (flags=0x0)) for (2s, 0s, 0s", " (held by monitor=remoteDispatchDomainBlockStats)"),
		diagnose.LibvirtdLog, diagnose.CannotTell, false, "g/query///55/remoteDispatchDomainBlockStats", "77/job/timed out", nil,
	},
	{
		"an abort is refused", refused("01:40.000", 77, "abort, none, none", "async nested, none, migration out", "30 remoteDispatchDomainMigratePerform3Params, "+none+", 30 remoteDispatchDomainMigratePerform3Params (flags=0x3)) for (35s, 0s, 300s", ""),
		diagnose.LibvirtdLog, diagnose.QEMUSilent, true,
		"g/async nested/migration out//30/remoteDispatchDomainMigratePerform3Params g//migration out//30/remoteDispatchDomainMigratePerform3Params", "77/job/timed out", nil,
	},
	{
		"migration out", refused("01:40.000", 77, "modify, none, none", "none, none, migration out", none+", "+none+", 30 remoteDispatchDomainMigratePerform3Params (flags=0x3)) for (0s, 0s, 300s", ""),
		diagnose.LibvirtdLog, diagnose.OtherHost, false, "g//migration out//30/remoteDispatchDomainMigratePerform3Params", "77/async/timed out", nil,
	},
	{
		"a backup of a guest that does not run", refused("01:40.000", 77, "none, none, start", "none, none, backup", none+", "+none+", 0 remoteDispatchDomainBackupBegin (flags=0x0)) for (0s, 0s, 300s", ""),
		diagnose.LibvirtdLog, diagnose.AsyncOutlivedGuest, true, "g//backup//0/remoteDispatchDomainBackupBegin", "77/async/timed out", nil,
	},
	{
		"a start behind a start", refused("01:40.000", 77, "none, none, start", "none, none, start", none+", "+none+", 30 remoteDispatchDomainCreate (flags=0x0)) for (0s, 0s, 40s", ""),
		diagnose.LibvirtdLog, diagnose.LongJob, false, "g//start//30/remoteDispatchDomainCreate", "77/async/timed out", nil,
	},
	{
		"another hypervisor", l("01:40.000", 77, "warning", "libxlDomainObjBeginJob", "Cannot start job (query) for domain g; current job is (query) owned by (1234)"),
		diagnose.LibvirtdLog, diagnose.CannotTell, true, "g/query///1234/", "77/job/timed out", nil,
	},
	{
		"before 1.2.14", refused("01:40.000", 77, "query, none", "modify, none", "11, 0", ""),
		diagnose.LibvirtdLog, diagnose.CannotTell, true, "g/modify///11/", "77/job/timed out", nil,
	},
	{
		"before 1.1.4, with jobs", l("01:00.000", 10, "debug", begin, "Starting job: query (async=none)") + l("01:00.001", 10, "debug", "qemuDomainObjEndJob", "Stopping job: query (async=none)") +
			l("01:01.000", 11, "debug", begin, "Starting job: modify (async=none)") + refused("01:40.000", 77, "query, none", "modify, none", "11, 0", ""),
		diagnose.LibvirtdLog, diagnose.CannotTell, true, "g/modify///11/", "77/job/timed out", nil,
	},
	{
		"before threads were logged", "09:13:18.041: error : qemuDomainObjBeginJob:411 : Timed out during operation: cannot acquire state change lock\n",
		diagnose.LibvirtdLog, diagnose.CannotTell, false, "", "0//timed out", nil,
	},
	{
		"only warnings and errors, and a leak", l("00:03.002", 55, "error", "qemuDomainHotplugDelIOThread", "invalid argument: cannot find IOThread '7'") +
			refused("01:40.000", 77, "query, none, none", "modify, none, none", "55 remoteDispatchDomainDelIOThread, "+none+", "+none+" (flags=0x0)) for (97s, 0s, 0s", ""),
		diagnose.LibvirtdLog, diagnose.LeakedJob, true, "g/modify///55/remoteDispatchDomainDelIOThread", "77/job/timed out",
		[]model.Kind{model.JobLeak},
	},
	{
		"a thread waits for itself", refused("01:40.000", 55, "query, none, none", "modify, none, none", "55 remoteDispatchDomainDelIOThread, "+none+", "+none+" (flags=0x0)) for (97s, 0s, 0s", ""),
		diagnose.LibvirtdLog, diagnose.LeakedJob, true, "g/modify///55/remoteDispatchDomainDelIOThread", "55/job/timed out",
		[]model.Kind{model.JobLeak},
	},
	{
		"a call ends with its job", l("01:00.000", 5, "debug", "virThreadJobSet", "Thread 5 (rpc-libvirtd) is now running job remoteDispatchDomainResume") +
			l("01:00.001", 5, "debug", begin, "Started job: modify (async=none vm=0x7f01 name=g)") +
			l("01:00.002", 5, "debug", "virThreadJobClear", "Thread 5 (rpc-libvirtd) finished job remoteDispatchDomainResume with ret=-1"),
		diagnose.LibvirtdLog, diagnose.LeakedJob, true, "g/modify///5/remoteDispatchDomainResume", "",
		[]model.Kind{model.JobLeak},
	},
	{
		"the monitor stays open", l("01:00.000", 5, "debug", begin, "Started job: modify (async=none vm=0x7f01 name=g)") +
			l("01:00.001", 5, "debug", "qemuDomainObjEnterMonitorInternal", "Entering monitor (mon=0x7f02 vm=0x7f01 name=g)") +
			l("01:05.000", 6, "debug", begin, "Starting job: API=x job=query agentJob=none asyncJob=none (vm=0x7f01 name=g, current job=modify agentJob=none async=none)") +
			l("01:05.000", 6, "debug", begin, "Waiting for job (vm=0x7f01 name=g)") + l("01:50.000", 1, "debug", "f", "x"),
		diagnose.LibvirtdLog, diagnose.QEMUSilent, true, "g/modify///5/", "6/job/", nil,
	},
	{
		"a warning broken by a mail", "> " + strings.NewReplacer(" for domain", "\n> for domain", "; current", ";\n> current", ", 0 <null>, ", ",\n> 0 <null>, ").Replace(
			refused("01:40.000", 77, "modify, none, none", "query, none, none", "55 remoteDispatchDomainBlockStats, "+none+", "+none+" (flags=0x0)) for (95s, 0s, 0s", "")),
		diagnose.LibvirtdLog, diagnose.QEMUSilent, true, "g/query///55/remoteDispatchDomainBlockStats", "77/job/timed out", nil,
	},
	{
		"somewhere in a line", "build 7 | ERROR: " + strings.ReplaceAll(refused("01:40.000", 77, "modify, none, none", "query, none, none", "55 remoteDispatchDomainBlockStats, "+none+", "+none+" (flags=0x0)) for (95s, 0s, 0s", ""), "\n2031", "\nbuild 7 | ERROR: 2031"),
		diagnose.LibvirtdLog, diagnose.QEMUSilent, true, "g/query///55/remoteDispatchDomainBlockStats", "77/job/timed out", nil,
	},
	{
		"a crash", "Apr  7 09:00:02 hv1 kernel: libvirtd[666]: segfault at 0 ip 0 sp 0 error 4 in libvirt.so\n" + "Apr  7 09:00:03 hv1 libvirtd[777]: libvirt version: 9.0.0\n",
		diagnose.Journal, diagnose.Crash, true, "", "", nil,
	},
	{
		"a traceback without stamps", "Traceback (most recent call last):\n  File \"x.py\", line 3\n    raise libvirtError('virDomainCreate() failed')\nlibvirt.libvirtError: Timed out during operation: cannot acquire state change lock (held by monitor=remoteDispatchDomainCreate)\n",
		diagnose.Client, diagnose.LongJob, false, "//start//0/remoteDispatchDomainCreate", "0/async/timed out", nil,
	},
	{
		"a client in another language", "2031-05-05 21:45:17,709+0200 ERROR x: virDomainSuspend() failed: Zeit abgelaufen: (gehalten von monitor=remoteDispatchDomainBackupBegin)\n",
		diagnose.Client, diagnose.LeftoverAsync, false, "//backup//0/remoteDispatchDomainBackupBegin", "0/async/timed out", nil,
	},
	{
		"a client's own log of libvirt", "2031-04-07 09:00:01.000+0000: 99: error : virNetClientProgramDispatchError:174 : Timed out during operation: cannot acquire state change lock (held by monitor=remoteDispatchDomainMigrateFinish3Params)\n",
		diagnose.Client, diagnose.MigrationIn, false, "//migration in//0/remoteDispatchDomainMigrateFinish3Params", "0/async/timed out", nil,
	},
	{
		"nova, in the journal", "Nov 15 07:49:48 hv4 nova-compute[4037]: 2031-11-15 07:49:48.773 4037 ERROR nova.virt [req-00000000-0000-4000-8000-000000000001 - -] [instance: 00000000-0000-4000-8000-00000000000d] Error from libvirt during destroy. Code=68 Error=Timed out during operation: cannot acquire state change lock (held by monitor=remoteDispatchDomainCreate)\n" +
			"Nov 15 07:49:48 hv4 nova-compute[4037]: 2031-11-15 07:49:48.900 4037 ERROR oslo [req-00000000-0000-4000-8000-000000000001 - -] libvirt.libvirtError: Timed out during operation: cannot acquire state change lock (held by monitor=remoteDispatchDomainCreate)\n" +
			"Nov 15 07:50:18 hv4 nova-compute[4037]: 2031-11-15 07:50:18.900 4037 ERROR nova.virt [req-00000000-0000-4000-8000-000000000002 - -] [instance: 00000000-0000-4000-8000-00000000000d] Timed out during operation: cannot acquire state change lock (held by monitor=remoteDispatchDomainCreate)\n",
		diagnose.Client, diagnose.LongJob, false, "00000000-0000-4000-8000-00000000000d//start//0/remoteDispatchDomainCreate", "0/async/timed out 0/async/timed out", nil,
	},
	{
		"an error that names an agent job", l("01:40.000", 77, "error", begin, "Timed out during operation: cannot acquire state change lock (held by agent=remoteDispatchDomainGetGuestInfo)"),
		diagnose.LibvirtdLog, diagnose.AgentSilent, true, "////0/remoteDispatchDomainGetGuestInfo", "77/agent/timed out", nil,
	},
	{
		"an error that names two calls", l("01:40.000", 77, "error", begin, "Timed out during operation: cannot acquire state change lock (held by monitor=remoteDispatchDomainResume agent=remoteDispatchDomainGetGuestInfo)"),
		diagnose.LibvirtdLog, diagnose.CannotTell, false, "////0/remoteDispatchDomainGetGuestInfo ////0/remoteDispatchDomainResume", "77/agent+job/timed out", nil,
	},
	{
		"an agent under a job", l("01:00.000", 61, "debug", begin, "Started job: modify (async=none vm=0x7f00 name=g)") + l("01:00.001", 61, "debug", "qemuDomainObjEnterAgent", "Entering agent (agent=0x7f01 vm=0x7f00 name=g)") +
			refused("01:45.000", 77, "query, none", "modify, none", "61 remoteDispatchDomainShutdown, 0 <null>) for (45s, 0s", ""),
		diagnose.LibvirtdLog, diagnose.AgentSilent, true, "g/modify///61/remoteDispatchDomainShutdown", "77/job/timed out", nil,
	},
	{
		"a release that does not say who waits", l("01:00.000", 61, "debug", begin, "Started job: modify (async=none vm=0x7f00 name=g)") +
			l("01:10.000", 77, "debug", begin, "Starting job: query (async=none vm=0x7f00 name=g)"),
		diagnose.LibvirtdLog, diagnose.CutOff, false, "g/modify///61/", "77/job/", nil,
	},
	{
		"a client with another error", "2031-05-05 21:45:17,709 ERROR libvirt.libvirtError: Domain not found: no domain with matching uuid\n",
		diagnose.Client, diagnose.CannotTell, false, "", "", nil,
	},
	{
		"a log that says nothing", l("01:00.000", 5, "error", "virNetSocketReadWire", "End of file while reading data: Input/output error"),
		diagnose.LibvirtdLog, diagnose.CannotTell, false, "", "", nil,
	},
}

func TestKinds(t *testing.T) {
	for _, tt := range kinds {
		t.Run(tt.name, func(t *testing.T) {
			d := read(t, []byte(tt.text))
			if d.Format != tt.format || d.Cause != tt.cause || d.Fault != tt.fault {
				t.Errorf("%s, %s, fault %v: %+v", d.Format, d.Cause, d.Fault, d.Why)
			}
			var holders, waiters []string
			for _, h := range d.Holders {
				holders = append(holders, fmt.Sprintf("%s/%s/%s/%s/%d/%s", h.Domain, h.Job, h.Async, h.Agent, h.Thread, h.API))
			}
			for _, w := range d.Waiters {
				how := ""
				switch {
				case w.TimedOut:
					how = "timed out"
				case w.Refused:
					how = "refused"
				}
				waiters = append(waiters, fmt.Sprintf("%d/%s/%s", w.Thread, w.For, how))
			}
			if got := strings.Join(holders, " "); got != tt.holders {
				t.Errorf("holders %s\nwant    %s", got, tt.holders)
			}
			if got := strings.Join(waiters, " "); got != tt.waiters {
				t.Errorf("waiters %s\nwant    %s", got, tt.waiters)
			}
			if !slices.Equal(d.Rules, tt.rules) {
				t.Errorf("rules %v, want %v", d.Rules, tt.rules)
			}
		})
	}
}

// The call of a client is the one that failed, not a word of the error.
func TestClientCalls(t *testing.T) {
	for text, want := range map[string]string{
		"Error from libvirt during destroy. Code=68 Error=Timed out during operation: cannot acquire state change lock": "destroy",
		"Timed out during operation: cannot acquire state change lock":                                                  "",
		"raise libvirtError('virDomainSuspend() failed')\nTimed out during operation: cannot acquire state change lock": "virDomainSuspend",
		"Exception during message handling: Timed out during operation: cannot acquire state change lock":               "",
		"Exception during message handling: libvirtError: cannot acquire state change lock\n2031-05-05 21:45:17,709 ERROR Traceback (most recent call last):\n" +
			"2031-05-05 21:45:17,709 ERROR   raise libvirtError('virDomainAttachDevice() failed')": "",
		"a b c Exception during message handling: libvirtError: cannot acquire state change lock\n2031-05-05 21:45:17,709 ERROR a b c Traceback (most recent call last):\n" +
			"2031-05-05 21:45:17,709 ERROR a b c   raise libvirtError('virDomainAttachDevice() failed')": "virDomainAttachDevice",
		"error: Failed to start domain x\n2031-05-05 21:45:17,709 error: Timed out during operation: cannot acquire state change lock": "start",
		"failed to get DomainBlockStats: cannot acquire state change lock":                                                             "DomainBlockStats",
	} {
		d := read(t, []byte("2031-05-05 21:45:17,709 ERROR "+text+"\n"))
		if len(d.Waiters) != 1 || d.Waiters[0].API != want {
			t.Errorf("%s: %+v, want %q", text, d.Waiters, want)
		}
	}
}
