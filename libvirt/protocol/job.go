package protocol

import "strings"

// jobs are the normal jobs that a call of the API begins while it uses the monitor, where all
// releases agree, as libvirt prints them.
var jobs = map[string]string{}

func init() {
	for kind, calls := range map[string]string{
		"query": `ConnectGetAllDomainStats DomainBlockStats DomainBlockStatsFlags DomainGetBlockInfo DomainGetBlockJobInfo DomainGetDiskErrors
			DomainGetInfo DomainGetPerfEvents DomainGetLaunchSecurityInfo DomainGetXMLDesc DomainMemoryPeek DomainMemoryStats
			DomainMigrateGetCompressionCache DomainMigrateGetMaxDowntime DomainScreenshot DomainGetJobInfo DomainGetJobStats DomainGetIOThreadInfo`,
		"modify": `DomainAttachDevice DomainAttachDeviceFlags DomainBlockCommit DomainBlockCopy DomainBlockJobAbort DomainBlockJobSetSpeed DomainBlockPull
			DomainBlockRebase DomainBlockResize DomainCheckpointCreateXML DomainCheckpointDelete DomainAddIOThread DomainDelIOThread
			DomainDetachDevice DomainDetachDeviceAlias DomainDetachDeviceFlags DomainInjectNMI DomainOpenGraphics DomainOpenGraphicsFD DomainPMWakeup
			DomainPinEmulator DomainPinIOThread DomainPinVcpu DomainPinVcpuFlags DomainRename DomainReset DomainResume DomainSendKey
			DomainSetAutostart DomainSetBlkioParameters DomainSetBlockIoTune DomainSetBlockThreshold DomainSetInterfaceParameters
			DomainSetLifecycleAction DomainSetMaxMemory DomainSetMemory DomainSetMemoryFlags DomainSetMemoryParameters DomainSetMemoryStatsPeriod
			DomainSetMetadata DomainSetNumaParameters DomainSetPerfEvents DomainSetSchedulerParameters DomainSetSchedulerParametersFlags
			DomainSetVcpu DomainSetVcpus DomainSetVcpusFlags DomainSnapshotDelete DomainStartDirtyRateCalc DomainUndefineFlags DomainUpdateDeviceFlags`,
		"destroy":             `DomainDestroy DomainDestroyFlags`,
		"suspend":             `DomainSuspend`,
		"abort":               `DomainAbortJob`,
		"migration operation": `DomainMigrateSetMaxSpeed DomainMigrateSetMaxDowntime DomainMigrateSetCompressionCache DomainMigrateStartPostCopy`,
	} {
		for _, c := range strings.Fields(calls) {
			jobs[c] = kind
		}
	}
}

// jobOfCall is the normal job of a call; "" where it is not known.
func jobOfCall(call string) string { return jobs[call] }

// asyncs say by its functions which async job a stack is about.
var asyncs = []struct {
	function string // a prefix
	async    string
}{
	{"qemuMigrationSrcToFile", "save"},
	{"qemuMigrationToFile", "save"},
	{"qemuMigrationSrc", "migration out"},
	{"qemuMigrationPerform", "migration out"},
	{"qemuMigrationRun", "migration out"},
	{"qemuMigrationBegin", "migration out"},
	{"qemuMigrationConfirm", "migration out"},
	{"qemuDomainMigratePerform", "migration out"},
	{"qemudDomainMigratePerform", "migration out"},
	{"qemuDomainMigrateConfirm", "migration out"},
	{"doPeer2PeerMigrate", "migration out"},
	{"doNonTunnelMigrate", "migration out"},
	{"doTunnelMigrate", "migration out"},
	{"doNativeMigrate", "migration out"},
	{"libxlDomainMigrationSrc", "migration out"},
	{"libxlDomainMigrationPerform", "migration out"},
	{"qemuMigrationDst", "migration in"},
	{"qemuMigrationPrepare", "migration in"},
	{"qemuMigrationFinish", "migration in"},
	{"qemuDomainMigratePrepare", "migration in"},
	{"qemuDomainMigrateFinish", "migration in"},
	{"qemuBackup", "backup"},
	{"qemuDomainBackup", "backup"},
	{"qemuSnapshotCreateActive", "snapshot"},
	{"qemuDomainSnapshotCreateActive", "snapshot"},
	{"qemuSnapshotCreateXML", "snapshot"},
	{"qemuDomainSnapshotCreateXML", "snapshot"},
	{"qemuSnapshotRevert", "start"},
	{"qemuDomainRevertToSnapshot", "start"},
	{"qemuDomainSave", "save"},
	{"qemudDomainSave", "save"},
	{"qemuDomainManagedSave", "save"},
	{"qemuSaveImageCreate", "save"},
	{"qemuDomainCoreDump", "dump"},
	{"qemudDomainCoreDump", "dump"},
	{"doCoreDump", "dump"},
	{"processWatchdogEvent", "dump"},
	{"processGuestPanicEvent", "dump"},
	{"qemuDomainRestore", "start"},
	{"qemuDomainCreate", "start"},
	{"qemuDomainStart", "start"},
	{"qemuDomainObjStart", "start"},
	{"qemuProcessStart", "start"},
}

// asyncNames are how libvirt prints the async jobs, by the word of the enumerator.
var asyncNames = map[string]string{
	"MIGRATION_OUT": "migration out", "MIGRATION_IN": "migration in", "SAVE": "save", "DUMP": "dump",
	"SNAPSHOT": "snapshot", "START": "start", "BACKUP": "backup",
}

// enumerator is what libvirt prints for QEMU_JOB_MIGRATION_OP, VIR_ASYNC_JOB_SAVE and the like; ""
// for NONE, and where it is none of them.
func enumerator(value string) string {
	_, word, ok := strings.Cut(value, "JOB_")
	switch {
	case !ok || word == "NONE" || word == "LAST":
		return ""
	case word == "MIGRATION_OP":
		return "migration operation"
	case word == "ASYNC_NESTED":
		return "async nested"
	case asyncNames[word] != "":
		return asyncNames[word]
	}
	return strings.ToLower(strings.ReplaceAll(word, "_", " "))
}
