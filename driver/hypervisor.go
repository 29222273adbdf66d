package driver

// A Hypervisor makes QEMUs.
type Hypervisor interface {
	// Spawn starts a QEMU for a domain. It is called with locks held and does not wait for QEMU to
	// be ready.
	Spawn(domain string, memory int64) (Process, error)
}

// A Process is one QEMU.
type Process interface {
	// Open connects to the QMP socket; it may block until QEMU is ready, and it returns when QEMU
	// is gone. It is called once.
	Open() (Transport, error)
	// Kill ends QEMU, and with it the connection. It may be called again, and before Open.
	Kill()
}

// A Crasher is a hypervisor whose QEMUs can be made to die without the driver's doing.
type Crasher interface {
	// Crash kills the QEMU of a domain, if there is one, and reports whether there was.
	Crash(domain string) bool
}
