// The records that the engine's Swift and C share, and the entry into the register machine.
//
// Swift cannot promise a tail call, and a register machine whose handlers are one loop pays for that at every
// instruction; see Documentation/Interpreter.md for the measurement. So the handlers are C, and everything that decides
// anything (translation, linking, growing, unwinding) is Swift behind `apus_runtime`.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "apus_instructions.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct apus_instance apus_instance;
typedef struct apus_activation apus_activation;
typedef struct apus_code apus_code;
typedef struct apus_type apus_type;

/// A value's place in a frame. An i32 or f32 lies zero-extended in it; a v128 takes two.
typedef uint64_t apus_slot;

/// One function's code. For a guest function it belongs to the module and is shared by all its instances; for a host
/// function it belongs to the store.
///
/// A frame, from its base upwards: parameters and results (the larger of both), the header, the other locals, operands.
struct apus_code {
    /// The first instruction: the translated body, or `stub` while there is none. Published last, with release order.
    const uint64_t *entry;
    /// The whole frame, in slots; 0 while untranslated.
    uint32_t frame_slots;
    /// Where the header lies: the larger of `parameter_slots` and `result_slots`.
    uint32_t header_slot;
    /// Locals behind the header that begin as zero, in slots.
    uint32_t zeroed_slots;
    uint32_t parameter_slots;
    uint32_t result_slots;
    uint32_t function_index;
    /// Whose code this is; the engine's own.
    void *owner;
    /// An instruction that translates, or that calls the host, and this record as its operand.
    uint64_t stub[2];
};

enum {
    APUS_HEADER_RETURN_ADDRESS = 0,
    APUS_HEADER_CALLER_FRAME = 1,
    APUS_HEADER_CALLER_INSTANCE = 2,
    APUS_HEADER_SLOTS = 3,
};

typedef enum apus_type_kind {
    APUS_KIND_FUNCTION,
    APUS_KIND_STRUCTURE,
    APUS_KIND_ARRAY,
} apus_type_kind;

/// How a field or an element lies in an object.
typedef enum apus_storage {
    APUS_STORAGE_8,
    APUS_STORAGE_16,
    APUS_STORAGE_32,
    APUS_STORAGE_64,
    APUS_STORAGE_REFERENCE,
    APUS_STORAGE_128,
} apus_storage;

typedef struct apus_field {
    /// In bytes from the object's start.
    uint32_t offset;
    /// An `apus_storage`.
    uint32_t storage;
} apus_field;

/// What the engine knows of a defined type. There is one for each number; it never changes, and lives as long as the
/// engine's registry.
struct apus_type {
    uint32_t number;
    /// How many types are above it.
    uint32_t depth;
    /// `depth + 1` types, the root first, this one last.
    const apus_type *const *ancestors;
    /// A structure's.
    const apus_field *fields;
    uint32_t field_count;
    /// A structure's bytes, header included.
    uint32_t size;
    /// An `apus_type_kind`.
    uint8_t kind;
    bool is_final;
    /// An array's, an `apus_storage`.
    uint8_t element_storage;
    /// The binary logarithm of an array's element size.
    uint8_t element_shift;
    /// Whether its objects can hold references.
    bool holds_references;
};

static inline bool apus_type_matches(const apus_type *type, const apus_type *wanted) {
    return type->depth >= wanted->depth && type->ancestors[wanted->depth] == wanted;
}

/// What a function reference points to. Lives as long as its store.
typedef struct apus_function {
    const apus_type *type;
    apus_code *code;
    /// NULL for a host function.
    apus_instance *instance;
} apus_function;

// A reference to something in the hierarchy of `any`, or of `extern`, is told by its lowest bits: 1 is an i31, with the
// number above the bit; 2 is a thing of the host's, with its number above them; otherwise it is 0, which is null, or the
// address of an object. So converting between the two hierarchies changes nothing.
enum {
    APUS_REFERENCE_I31 = 1,
    APUS_REFERENCE_HOST = 2,
    APUS_REFERENCE_TAG = 3,
};

/// The head of an object: a structure's fields or an array's length follow.
typedef struct apus_object {
    /// The address of its `apus_type`; the lowest bit is the collector's and is clear while guests run. 0 where there is no
    /// object.
    uint64_t type;
    /// An array's, in elements.
    uint32_t length;
    uint32_t reserved;
} apus_object;

typedef enum apus_object_size {
    APUS_STRUCTURE_HEADER = 8,
    APUS_ARRAY_HEADER = 16,
    /// Objects begin at multiples of this.
    APUS_OBJECT_UNIT = 16,
    /// Larger ones have blocks of their own.
    APUS_GREATEST_SMALL_OBJECT = 8192,
    APUS_SIZE_CLASSES = 64,
} apus_object_size;

/// Where small objects are taken from.
typedef struct apus_heap {
    /// Of each size class, a list of cells that are free, linked by their second words.
    uint64_t *free_cells[APUS_SIZE_CLASSES];
    /// The size class by the size in units.
    uint8_t size_class[APUS_GREATEST_SMALL_OBJECT / APUS_OBJECT_UNIT + 1];
} apus_heap;

/// A cell of at least `size` bytes, whose contents are left over from what was there; NULL where it takes more to get one.
static inline apus_object *apus_take_cell(apus_heap *heap, uint64_t size) {
    if (size > APUS_GREATEST_SMALL_OBJECT) return NULL;
    uint64_t **list = &heap->free_cells[heap->size_class[(size + APUS_OBJECT_UNIT - 1) / APUS_OBJECT_UNIT]];
    uint64_t *cell = *list;
    if (cell != NULL) *list = (uint64_t *)(uintptr_t)cell[1];
    return (apus_object *)cell;
}

/// A linear memory. `base` moves only in `grow`, and only where address space could not be reserved.
typedef struct apus_memory {
    uint8_t *base;
    /// In bytes.
    uint64_t size;
} apus_memory;

/// A table. Elements are references: 0 is null, a function reference is the address of its `apus_function`.
typedef struct apus_table {
    uint64_t *elements;
    uint64_t count;
} apus_table;

/// What an instance's code touches, in one record that generated code can address.
struct apus_instance {
    apus_memory **memories;
    apus_table **tables;
    apus_slot **globals;
    apus_function **imports;
    /// The Swift object that owns this record.
    void *owner;
};

/// The runtime's services, called where an instruction needs more than arithmetic.
typedef enum apus_service {
    APUS_SERVICE_MEMORY_GROW,
    APUS_SERVICE_MEMORY_INIT,
    APUS_SERVICE_DATA_DROP,
    APUS_SERVICE_TABLE_INIT,
    APUS_SERVICE_ELEMENT_DROP,
    APUS_SERVICE_TABLE_GROW,
    APUS_SERVICE_REF_FUNC,
    APUS_SERVICE_ATOMIC_NOTIFY,
    APUS_SERVICE_ATOMIC_WAIT32,
    APUS_SERVICE_ATOMIC_WAIT64,
    APUS_SERVICE_ARRAY_NEW_DATA,
    APUS_SERVICE_ARRAY_NEW_ELEMENTS,
    APUS_SERVICE_ARRAY_INIT_DATA,
    APUS_SERVICE_ARRAY_INIT_ELEMENTS,
    APUS_SERVICE_ANY_CONVERT_EXTERN,
} apus_service;

typedef struct apus_runtime {
    /// Translates `code`. Returns 0 or a trap code.
    uint32_t (*translate)(apus_activation *activation, apus_code *code);
    /// Calls the host function of `code` with the arguments at `frame`, where the results go too.
    uint32_t (*call_host)(apus_activation *activation, apus_code *code, apus_slot *frame, apus_instance *caller);
    /// Carries out a service with operands in `operands` and immediates at `immediates`; a result goes to `operands[0]`.
    uint32_t (*serve)(apus_activation *activation, apus_instance *instance, uint32_t service, apus_slot *operands,
                      const uint32_t *immediates);
    /// Finds who catches. `operands` are the thrown values, or the exception reference where `tag` is UINT32_MAX.
    /// Returns 0 and sets the activation's `resume_*`, or a trap code.
    uint32_t (*throw_exception)(apus_activation *activation, apus_instance *instance, const uint64_t *pc, apus_slot *frame,
                                uint32_t tag, apus_slot *operands);
    /// Finds room for an object of `size` bytes, after a collection if need be, with the guest at `pc` in `frame`.
    /// Returns 0 and sets `result`, or a trap code.
    uint32_t (*allocate)(apus_activation *activation, apus_instance *instance, const uint64_t *pc, apus_slot *frame,
                         uint64_t size, apus_object **result);
    /// Called at a loop head or a call while `interrupt` is not 0. Returns 0 to go on, or a trap code.
    uint32_t (*interrupted)(apus_activation *activation);
} apus_runtime;

/// One guest stack with the call chain on it. Used by one thread at a time.
struct apus_activation {
    /// Behind the last slot that a frame may use.
    apus_slot *stack_limit;
    /// What the guest is asked for at its next loop head or call, bits of `apus_interrupts`; any thread may set them.
    uint32_t interrupt;
    /// Where the next entry's frame begins.
    apus_slot *top;
    const apus_runtime *runtime;
    apus_heap *heap;
    /// Why and where the guest stopped, set where `apus_enter` returns a trap code. The place is set for services too.
    uint32_t status;
    const uint64_t *trap_pc;
    apus_slot *trap_frame;
    apus_instance *trap_instance;
    /// Where to go on after an exception was caught.
    const uint64_t *resume_pc;
    apus_slot *resume_frame;
    apus_instance *resume_instance;
    /// The Swift object that owns this activation.
    void *owner;
    /// How often guests have called the host.
    uint64_t host_calls;
};

/// Calls `function` with the arguments that stand at `activation->top`, and leaves the results there.
/// Returns 0, or the trap code; then the `trap_*` fields say where.
uint32_t apus_enter(apus_activation *activation, const apus_function *function);

/// The address of an instruction's handler, which is its first word in code.
uint64_t apus_handler(apus_instruction instruction);

/// Makes `code` untranslated, with a stub that translates it; `is_host` makes the stub call the host instead.
void apus_code_initialize(apus_code *code, bool is_host);

/// Publishes translated code: all other fields must be set before.
void apus_code_publish(apus_code *code, const uint64_t *entry);

static inline bool apus_code_is_translated(const apus_code *code) {
    return __atomic_load_n(&code->entry, __ATOMIC_ACQUIRE) != code->stub;
}

/// What a guest can be asked for while it runs.
typedef enum apus_interrupts {
    /// To stop: it traps.
    APUS_INTERRUPT_STOP = 1,
    /// To let others run: it goes on later.
    APUS_INTERRUPT_YIELD = 2,
} apus_interrupts;

/// Asks the guest of `activation` for what `bits` say. From any thread.
static inline void apus_request_interrupt(apus_activation *activation, uint32_t bits) {
    __atomic_fetch_or(&activation->interrupt, bits, __ATOMIC_RELAXED);
}

/// Takes back what `bits` say. From any thread.
static inline void apus_clear_interrupt(apus_activation *activation, uint32_t bits) {
    __atomic_fetch_and(&activation->interrupt, ~bits, __ATOMIC_RELAXED);
}

/// What the guest of `activation` is asked for.
static inline uint32_t apus_interrupt(const apus_activation *activation) {
    return __atomic_load_n(&activation->interrupt, __ATOMIC_RELAXED);
}

/// A descriptor of a file in memory, empty; below 0 where the system has none to give. `name` is for its lists only.
int apus_memory_file(const char *name);

/// Asks the system to map only those pages of a file in memory that are touched, and not their neighbours with them, which would
/// all count as memory in use. Linux leaves the neighbours alone in ranges whose faults somebody watches, so they are watched, for
/// something that never happens. Where that is not allowed, all stays as it was.
void apus_map_page_by_page(void *base, uint64_t length);

/// Pages of a mapping, from its beginning in bytes.
typedef struct apus_page_range {
    uint64_t start;
    uint64_t end;
} apus_page_range;

/// Finds the pages of a private mapping of a file that were written to and so are not the file's any more, from `offset`
/// on. Returns how many ranges it has put into `ranges`, `capacity` at most, and sets `*walked` to where the search ended,
/// which is `length` when it is complete; -1 where the system cannot tell.
long apus_written_pages(void *base, uint64_t offset, uint64_t length, apus_page_range *ranges, long capacity,
                        uint64_t *walked);

/// Saves where this stack is in `*from` and goes on where `to` was saved. Returns when somebody switches back.
void apus_fiber_switch(void **from, void *to);

/// Makes a stack ready whose highest address is `stack_top`: who switches to the answer calls `entry(argument)`, which must
/// never return.
void *apus_fiber_prepare(void *stack_top, void (*entry)(void *), void *argument);

#ifdef __cplusplus
}
#endif
