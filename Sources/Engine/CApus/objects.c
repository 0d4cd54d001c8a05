// Structures, arrays, i31 and casts (core specification, section 4.6.5 "Aggregate Reference Instructions").
//
// An object lies at one place from its making to its end. Handlers take small ones from the lists of free cells; what
// those cannot give, the collector included, is asked of the runtime. While that runs, every reference that is still
// wanted stands in a slot.
#include <string.h>

#include "dispatch.h"

static inline apus_object *object_at(apus_slot slot) { return (apus_object *)(uintptr_t)slot; }

static inline uint8_t *elements_of(apus_object *array) { return (uint8_t *)array + APUS_ARRAY_HEADER; }

static inline const apus_type *type_of(apus_slot slot) {
    return (const apus_type *)(uintptr_t)object_at(slot)->type;
}

static inline void store(uint8_t *place, uint32_t storage, const apus_slot *value) {
    switch (storage) {
    case APUS_STORAGE_8: *place = (uint8_t)*value; break;
    case APUS_STORAGE_16: memcpy(place, value, 2); break;
    case APUS_STORAGE_32: memcpy(place, value, 4); break;
    case APUS_STORAGE_128: memcpy(place, value, 16); break;
    default: memcpy(place, value, 8); break;
    }
}

// What the lists of free cells cannot give; NULL where it is a trap.
static __attribute__((noinline)) apus_object *allocate_slowly(
    apus_activation *activation, apus_instance *instance, const uint64_t *pc, apus_slot *fp, uint64_t size) {
    apus_object *object = NULL;
    activation->status = activation->runtime->allocate(activation, instance, pc, fp, size, &object);
    return activation->status == 0 ? object : NULL;
}

// Makes `object` of `size` bytes, or traps.
#define ALLOCATE(size) \
    apus_object *object = apus_take_cell(activation->heap, (size)); \
    if (APUS_UNLIKELY(object == NULL)) { \
        object = allocate_slowly(activation, instance, pc, fp, (size)); \
        if (APUS_UNLIKELY(object == NULL)) APUS_TRAP(status); \
    }

#define TYPE_OPERAND() const apus_type *type = (const apus_type *)(uintptr_t)pc[2]

// MARK: - Structures

// The fields' values stand in successive slots, where the reference goes too.
APUS_INSTRUCTION(struct_new) {
    TYPE_OPERAND();
    ALLOCATE(type->size)
    object->type = pc[2];
    const apus_slot *value = fp + APUS_U16(0);
    for (uint32_t n = 0; n < type->field_count; n++) {
        apus_field field = type->fields[n];
        store((uint8_t *)object + field.offset, field.storage, value);
        value += field.storage == APUS_STORAGE_128 ? 2 : 1;
    }
    fp[APUS_U16(0)] = (uintptr_t)object;
    APUS_NEXT(3);
}
APUS_INSTRUCTION(struct_new_default) {
    TYPE_OPERAND();
    ALLOCATE(type->size)
    memset(object, 0, type->size);
    object->type = pc[2];
    fp[APUS_U16(0)] = (uintptr_t)object;
    APUS_NEXT(3);
}

#define FIELD() \
    apus_slot reference = fp[REFERENCE_SLOT]; \
    if (APUS_UNLIKELY(reference == 0)) APUS_TRAP(null_structure); \
    uint8_t *place = (uint8_t *)object_at(reference) + APUS_U32(1);

#define REFERENCE_SLOT APUS_U16(1)
#define STRUCT_GET(name, type, wide) \
    APUS_INSTRUCTION(struct_get_##name) { \
        FIELD() \
        type value; \
        memcpy(&value, place, sizeof value); \
        fp[APUS_U16(0)] = (apus_slot)(wide)value; \
        APUS_NEXT(2); \
    }
STRUCT_GET(8_s, int8_t, uint32_t)
STRUCT_GET(8_u, uint8_t, uint32_t)
STRUCT_GET(16_s, int16_t, uint32_t)
STRUCT_GET(16_u, uint16_t, uint32_t)
STRUCT_GET(32, uint32_t, uint32_t)
STRUCT_GET(64, uint64_t, uint64_t)
APUS_INSTRUCTION(struct_get_128) {
    FIELD()
    memcpy(fp + APUS_U16(0), place, 16);
    APUS_NEXT(2);
}
#undef REFERENCE_SLOT

#define REFERENCE_SLOT APUS_U16(0)
#define STRUCT_SET(name, size) \
    APUS_INSTRUCTION(struct_set_##name) { \
        FIELD() \
        memcpy(place, fp + APUS_U16(1), size); \
        APUS_NEXT(2); \
    }
STRUCT_SET(8, 1)
STRUCT_SET(16, 2)
STRUCT_SET(32, 4)
STRUCT_SET(64, 8)
STRUCT_SET(128, 16)
#undef REFERENCE_SLOT

// MARK: - Arrays

static void fill(uint8_t *place, uint32_t storage, const apus_slot *value, uint64_t count) {
    if (storage == APUS_STORAGE_8) {
        memset(place, (uint8_t)*value, count);
        return;
    }
    apus_slot kept[2] = {value[0], storage == APUS_STORAGE_128 ? value[1] : 0};
    uint64_t step = storage == APUS_STORAGE_16 ? 2 : storage == APUS_STORAGE_32 ? 4 : storage == APUS_STORAGE_128 ? 16 : 8;
    for (; count != 0; count--, place += step) store(place, storage, kept);
}

// Fills `count` elements in pieces. Returns 0 or a trap code.
static __attribute__((noinline)) uint32_t fill_in_pieces(
    apus_activation *activation, uint8_t *place, const apus_type *type, const apus_slot *value, uint64_t count) {
    uint64_t piece = APUS_PIECE >> type->element_shift;
    for (; count > piece; place += APUS_PIECE, count -= piece) {
        fill(place, type->element_storage, value, piece);
        if (apus_meet_interrupt(activation) != 0) return activation->status;
    }
    fill(place, type->element_storage, value, count);
    return 0;
}

// Whether so many elements are more than a piece.
#define IS_LONG(count) APUS_UNLIKELY(((uint64_t)(count) << type->element_shift) > APUS_PIECE)

#define ARRAY_SIZE(length) (APUS_ARRAY_HEADER + ((uint64_t)(length) << type->element_shift))

APUS_INSTRUCTION(array_new) {
    TYPE_OPERAND();
    uint32_t length = (uint32_t)fp[APUS_U16(2)];
    ALLOCATE(ARRAY_SIZE(length))
    if (IS_LONG(length)) {
        // Until it is filled it is no object, and nobody's if the guest is stopped.
        if (fill_in_pieces(activation, elements_of(object), type, fp + APUS_U16(1), length) != 0) APUS_TRAP(status);
    } else {
        fill(elements_of(object), type->element_storage, fp + APUS_U16(1), length);
    }
    object->type = pc[2];
    object->length = length;
    fp[APUS_U16(0)] = (uintptr_t)object;
    APUS_NEXT(3);
}
APUS_INSTRUCTION(array_new_default) {
    TYPE_OPERAND();
    uint32_t length = (uint32_t)fp[APUS_U16(1)];
    ALLOCATE(ARRAY_SIZE(length))
    if (IS_LONG(length)) {
        const apus_slot zero[2] = {0, 0};
        if (fill_in_pieces(activation, elements_of(object), type, zero, length) != 0) APUS_TRAP(status);
        object->reserved = 0;
    } else {
        memset(object, 0, ARRAY_SIZE(length));
    }
    object->type = pc[2];
    object->length = length;
    fp[APUS_U16(0)] = (uintptr_t)object;
    APUS_NEXT(3);
}
APUS_INSTRUCTION(array_new_fixed) {
    TYPE_OPERAND();
    uint32_t length = APUS_U32(1);
    ALLOCATE(ARRAY_SIZE(length))
    object->type = pc[2];
    object->length = length;
    const apus_slot *value = fp + APUS_U16(0);
    uint8_t *place = elements_of(object);
    for (uint32_t n = 0; n < length; n++) {
        store(place, type->element_storage, value);
        place += 1u << type->element_shift;
        value += type->element_storage == APUS_STORAGE_128 ? 2 : 1;
    }
    fp[APUS_U16(0)] = (uintptr_t)object;
    APUS_NEXT(3);
}
APUS_INSTRUCTION(array_len) {
    apus_slot reference = fp[APUS_U16(1)];
    if (APUS_UNLIKELY(reference == 0)) APUS_TRAP(null_array);
    fp[APUS_U16(0)] = object_at(reference)->length;
    APUS_NEXT(2);
}

#define ELEMENT(array_slot, index_slot, size) \
    apus_slot reference = fp[array_slot]; \
    if (APUS_UNLIKELY(reference == 0)) APUS_TRAP(null_array); \
    uint32_t index = (uint32_t)fp[index_slot]; \
    if (APUS_UNLIKELY(index >= object_at(reference)->length)) APUS_TRAP(array_bounds); \
    uint8_t *place = elements_of(object_at(reference)) + (uint64_t)index * (size);

#define ARRAY_GET(name, type, wide) \
    APUS_INSTRUCTION(array_get_##name) { \
        ELEMENT(APUS_U16(1), APUS_U16(2), sizeof(type)) \
        type value; \
        memcpy(&value, place, sizeof value); \
        fp[APUS_U16(0)] = (apus_slot)(wide)value; \
        APUS_NEXT(2); \
    }
ARRAY_GET(8_s, int8_t, uint32_t)
ARRAY_GET(8_u, uint8_t, uint32_t)
ARRAY_GET(16_s, int16_t, uint32_t)
ARRAY_GET(16_u, uint16_t, uint32_t)
ARRAY_GET(32, uint32_t, uint32_t)
ARRAY_GET(64, uint64_t, uint64_t)
APUS_INSTRUCTION(array_get_128) {
    ELEMENT(APUS_U16(1), APUS_U16(2), 16)
    memcpy(fp + APUS_U16(0), place, 16);
    APUS_NEXT(2);
}

#define ARRAY_SET(name, size) \
    APUS_INSTRUCTION(array_set_##name) { \
        ELEMENT(APUS_U16(0), APUS_U16(1), size) \
        memcpy(place, fp + APUS_U16(2), size); \
        APUS_NEXT(2); \
    }
ARRAY_SET(8, 1)
ARRAY_SET(16, 2)
ARRAY_SET(32, 4)
ARRAY_SET(64, 8)
ARRAY_SET(128, 16)

static inline bool is_outside(const apus_object *array, uint32_t start, uint32_t count) {
    return start > array->length || count > array->length - start;
}

// Array, index, value and count.
APUS_INSTRUCTION(array_fill) {
    TYPE_OPERAND();
    apus_slot reference = fp[APUS_U16(0)];
    if (APUS_UNLIKELY(reference == 0)) APUS_TRAP(null_array);
    apus_object *array = object_at(reference);
    uint32_t index = (uint32_t)fp[APUS_U16(1)], count = (uint32_t)fp[APUS_U16(3)];
    if (APUS_UNLIKELY(is_outside(array, index, count))) APUS_TRAP(array_bounds);
    uint8_t *place = elements_of(array) + ((uint64_t)index << type->element_shift);
    if (IS_LONG(count)) {
        if (fill_in_pieces(activation, place, type, fp + APUS_U16(2), count) != 0) APUS_TRAP(status);
    } else {
        fill(place, type->element_storage, fp + APUS_U16(2), count);
    }
    APUS_NEXT(3);
}

// Destination and index, source and index; the count is named by the fourth word.
APUS_INSTRUCTION(array_copy) {
    TYPE_OPERAND();
    apus_slot to = fp[APUS_U16(0)], from = fp[APUS_U16(2)];
    if (APUS_UNLIKELY(to == 0 || from == 0)) APUS_TRAP(null_array);
    uint32_t to_index = (uint32_t)fp[APUS_U16(1)], from_index = (uint32_t)fp[APUS_U16(3)], count = (uint32_t)fp[(uint16_t)pc[3]];
    if (APUS_UNLIKELY(is_outside(object_at(to), to_index, count) || is_outside(object_at(from), from_index, count)))
        APUS_TRAP(array_bounds);
    uint8_t *target = elements_of(object_at(to)) + ((uint64_t)to_index << type->element_shift);
    const uint8_t *source = elements_of(object_at(from)) + ((uint64_t)from_index << type->element_shift);
    if (IS_LONG(count)) {
        if (apus_move_in_pieces(activation, target, source, (uint64_t)count << type->element_shift) != 0) APUS_TRAP(status);
    } else {
        memmove(target, source, (uint64_t)count << type->element_shift);
    }
    APUS_NEXT(4);
}

// MARK: - i31

APUS_INSTRUCTION(ref_i31) {
    fp[APUS_U16(0)] = (uint32_t)(fp[APUS_U16(1)] << 1) | APUS_REFERENCE_I31;
    APUS_NEXT(2);
}
APUS_INSTRUCTION(i31_get_s) {
    uint32_t reference = (uint32_t)fp[APUS_U16(1)];
    if (APUS_UNLIKELY(reference == 0)) APUS_TRAP(null_i31);
    fp[APUS_U16(0)] = (uint32_t)((int32_t)reference >> 1);
    APUS_NEXT(2);
}
APUS_INSTRUCTION(i31_get_u) {
    uint32_t reference = (uint32_t)fp[APUS_U16(1)];
    if (APUS_UNLIKELY(reference == 0)) APUS_TRAP(null_i31);
    fp[APUS_U16(0)] = reference >> 1;
    APUS_NEXT(2);
}

// MARK: - Casts

// Functions begin with their type as objects do.
static inline bool is_of_type(apus_slot reference, const apus_type *wanted) {
    if ((reference & APUS_REFERENCE_TAG) != 0) return false;
    const apus_type *type = type_of(reference);
    return type == wanted || apus_type_matches(type, wanted);
}

static inline bool is_of_kind(apus_slot reference, uint32_t kind) {
    uint32_t tag = reference & APUS_REFERENCE_TAG;
    switch (kind) {
    case APUS_REFERENCE_ANYTHING: return true;
    case APUS_REFERENCE_EQ: return tag != APUS_REFERENCE_HOST;
    case APUS_REFERENCE_I31_NUMBER: return (tag & APUS_REFERENCE_I31) != 0;
    case APUS_REFERENCE_STRUCTURE: return tag == 0 && type_of(reference)->kind == APUS_KIND_STRUCTURE;
    case APUS_REFERENCE_ARRAY: return tag == 0 && type_of(reference)->kind == APUS_KIND_ARRAY;
    default: return false;
    }
}

// Destination, reference, whether null passes, and a kind.
APUS_INSTRUCTION(ref_test_type) {
    TYPE_OPERAND();
    apus_slot reference = fp[APUS_U16(1)];
    fp[APUS_U16(0)] = reference == 0 ? APUS_U16(2) : is_of_type(reference, type);
    APUS_NEXT(3);
}
APUS_INSTRUCTION(ref_test_kind) {
    apus_slot reference = fp[APUS_U16(1)];
    fp[APUS_U16(0)] = reference == 0 ? APUS_U16(2) : is_of_kind(reference, APUS_U16(3));
    APUS_NEXT(2);
}
APUS_INSTRUCTION(ref_cast_type) {
    TYPE_OPERAND();
    apus_slot reference = fp[APUS_U16(1)];
    if (APUS_UNLIKELY(reference == 0 ? !APUS_U16(2) : !is_of_type(reference, type))) APUS_TRAP(cast);
    APUS_NEXT(3);
}
APUS_INSTRUCTION(ref_cast_kind) {
    apus_slot reference = fp[APUS_U16(1)];
    if (APUS_UNLIKELY(reference == 0 ? !APUS_U16(2) : !is_of_kind(reference, APUS_U16(3)))) APUS_TRAP(cast);
    APUS_NEXT(2);
}
