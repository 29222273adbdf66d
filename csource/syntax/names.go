package syntax

import "strings"

// A meaning is what parsing must know of a name: C cannot be parsed without telling types from the
// rest.
type meaning uint8

const (
	unknownName meaning = iota
	typeName            // a typedef
	guessedType         // used as a type somewhere in this program: Tolerant mode only
	otherName           // a variable, function, parameter or enumerator
)

// names maps names to meanings, scope by scope.
type names struct {
	table map[string]meaning
	undo  []shadowed // what inner scopes hide, to be put back at their end
	marks []int      // where each open scope begins in undo

	guesses int // names compared for hints
}

type shadowed struct {
	name string
	was  meaning
}

// knownTypes are the typedef names no program has to declare.
const knownTypes = `bool size_t ssize_t ptrdiff_t wchar_t off_t off64_t time_t clock_t pid_t uid_t gid_t mode_t dev_t ino_t
nlink_t id_t key_t socklen_t sa_family_t suseconds_t useconds_t clockid_t sigset_t va_list FILE DIR
int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intptr_t uintptr_t intmax_t uintmax_t
u_int u_long u_char uint ulong ushort
mtx_t cnd_t thrd_t pthread_t pthread_mutex_t pthread_cond_t pthread_rwlock_t pthread_key_t pthread_once_t pthread_attr_t
pthread_mutexattr_t pthread_condattr_t pthread_rwlockattr_t pthread_spinlock_t pthread_barrier_t sem_t
gint guint gboolean gpointer gconstpointer gchar guchar gshort gushort glong gulong gfloat gdouble gsize gssize goffset
gint8 gint16 gint32 gint64 guint8 guint16 guint32 guint64 gintptr guintptr gunichar
GMutex GCond GThread GRWLock GRecMutex GError GList GSList GHashTable GString GStrv GObject GObjectClass GType
GMainLoop GMainContext GSource GDestroyNotify GFunc GCompareFunc GBytes GRegex GMatchInfo GPtrArray GArray
atomic_bool atomic_char atomic_schar atomic_uchar atomic_short atomic_ushort atomic_int atomic_uint atomic_long atomic_ulong
atomic_llong atomic_ullong atomic_size_t atomic_ptrdiff_t atomic_intptr_t atomic_uintptr_t atomic_intmax_t atomic_uintmax_t
atomic_flag memory_order
virMutex virCond virRWLock virThread virOnceControl virThreadLocal virMutexPtr virCondPtr virRWLockPtr virThreadPtr
virLockGuard virOnceControlPtr once_flag pthread_barrierattr_t thrd_start_t virThreadFunc GThreadFunc`

func newNames(extra []string) names {
	n := names{table: map[string]meaning{}}
	for _, name := range strings.Fields(knownTypes) {
		n.table[name] = typeName
	}
	for _, name := range extra {
		n.table[name] = typeName
	}
	return n
}

func (n *names) open() { n.marks = append(n.marks, len(n.undo)) }

func (n *names) close() {
	last := len(n.marks) - 1
	for i := len(n.undo) - 1; i >= n.marks[last]; i-- {
		n.table[n.undo[i].name] = n.undo[i].was
	}
	n.undo = n.undo[:n.marks[last]]
	n.marks = n.marks[:last]
}

// declare gives name a meaning until the current scope ends.
func (n *names) declare(name string, m meaning) {
	if name == "" || n.table[name] == m {
		return
	}
	if len(n.marks) > 0 {
		n.undo = append(n.undo, shadowed{name, n.table[name]})
	}
	n.table[name] = m
}

// guess notes for the rest of the program that name was used as a type, unless it means something
// already.
func (n *names) guess(name string) {
	if n.table[name] == unknownName {
		n.table[name] = guessedType
	}
}

// isType reports whether name is a type, surely or by guess.
func (n *names) isType(name string) bool {
	m := n.table[name]
	return m == typeName || m == guessedType
}
