package vocabulary

// An Exit is a macro that may leave the function in which it stands: on success it does nothing,
// else it reports an error and returns, or jumps to a label.
type Exit struct {
	// Value is the argument that is returned, -1 when nothing is.
	Value int
	// Label is the argument that names the label, -1 when the macro returns.
	Label int
}

// HiddenExit returns how a macro leaves its function, false when it does not: libvirt's argument
// checks and GLib's.
func HiddenExit(name string) (Exit, bool) {
	x, ok := exits[name]
	return x, ok
}

var exits = map[string]Exit{
	"virCheckFlags":                 {1, -1},
	"virCheckFlagsGoto":             {-1, 1},
	"virCheckConnectReturn":         {1, -1},
	"virCheckConnectGoto":           {-1, 1},
	"virCheckDomainReturn":          {1, -1},
	"virCheckDomainGoto":            {-1, 1},
	"virCheckNonNullArgReturn":      {1, -1},
	"virCheckNonNullArgGoto":        {-1, 1},
	"virCheckNullArgGoto":           {-1, 1},
	"virCheckNonEmptyStringArgGoto": {-1, 1},
	"virCheckPositiveArgReturn":     {1, -1},
	"virCheckPositiveArgGoto":       {-1, 1},
	"virCheckNonZeroArgGoto":        {-1, 1},
	"virCheckZeroArgGoto":           {-1, 1},
	"virCheckNonNegativeArgGoto":    {-1, 1},
	"virCheckReadOnlyGoto":          {-1, 1},
	"VIR_EXCLUSIVE_FLAGS_RET":       {2, -1},
	"VIR_EXCLUSIVE_FLAGS_GOTO":      {-1, 2},
	"VIR_REQUIRE_FLAG_RET":          {2, -1},
	"VIR_REQUIRE_FLAG_GOTO":         {-1, 2},
	"g_return_if_fail":              {-1, -1},
	"g_return_val_if_fail":          {1, -1},
	"g_return_if_reached":           {-1, -1},
	"g_return_val_if_reached":       {0, -1},
}
