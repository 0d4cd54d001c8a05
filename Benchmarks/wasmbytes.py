"""As much of the binary format as is needed to damage a module's sections and to call what it exports."""

NUMBERS = {0x7F: "i32", 0x7E: "i64", 0x7D: "f32", 0x7C: "f64", 0x7B: "v128", 0x70: "funcref", 0x6F: "externref"}
GROUP, SUBTYPE, FINAL_SUBTYPE, FUNCTION, STRUCTURE, ARRAY = 0x4E, 0x50, 0x4F, 0x60, 0x5F, 0x5E


class Malformed(Exception):
    pass


class Reader:
    def __init__(self, data):
        self.data, self.position = data, 0

    def byte(self):
        if self.position >= len(self.data):
            raise Malformed("end")
        self.position += 1
        return self.data[self.position - 1]

    def number(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7
            if shift > 63:
                raise Malformed("number")

    def take(self, count):
        if self.position + count > len(self.data):
            raise Malformed("end")
        self.position += count
        return self.data[self.position - count:self.position]

    def vector(self, element):
        return [element() for _ in range(self.number())]

    def name(self):
        return self.take(self.number())

    def type(self):
        code = self.byte()
        if code in (0x63, 0x64):
            heap = self.number()
            return f"(ref {'null ' if code == 0x63 else ''}{heap})"
        return NUMBERS.get(code, f"type 0x{code:x}")


def leb(value):
    encoded = bytearray()
    while True:
        byte, value = value & 0x7F, value >> 7
        encoded.append(byte | (0x80 if value else 0))
        if not value:
            return bytes(encoded)


class Module:
    """The types, imports and exports of a binary."""

    def __init__(self, data):
        self.bytes = data
        self.types, self.imports, self.functions, self.globals, self.exports = [], [], [], [], []
        for identifier, body in Module.sections(data):
            reader = Reader(body)
            if identifier == 1:
                reader.vector(lambda: self.read_group(reader))
            elif identifier == 2:
                self.imports = [None] * reader.number()
            elif identifier == 3:
                self.functions = reader.vector(reader.number)
            elif identifier == 6 and not self.imports:
                self.read_globals(reader)
            elif identifier == 7:
                self.exports = reader.vector(lambda: (reader.name(), reader.byte(), reader.number()))

    @staticmethod
    def sections(data):
        reader = Reader(data)
        reader.take(8)
        found = []
        while reader.position < len(data):
            identifier = reader.byte()
            found.append((identifier, reader.take(reader.number())))
        return found

    @staticmethod
    def assembled(sections):
        return b"\0asm\1\0\0\0" + b"".join(bytes([identifier]) + leb(len(body)) + body for identifier, body in sections)

    def read_group(self, reader):
        code = reader.byte()
        if code == GROUP:
            for _ in range(reader.number()):
                self.read_type(reader, reader.byte())
        else:
            self.read_type(reader, code)

    def read_type(self, reader, code):
        if code in (SUBTYPE, FINAL_SUBTYPE):
            reader.vector(reader.number)
            code = reader.byte()
        if code == FUNCTION:
            self.types.append((reader.vector(reader.type), reader.vector(reader.type)))
        elif code == STRUCTURE:
            reader.vector(lambda: (reader.type(), reader.byte()))
            self.types.append(None)
        elif code == ARRAY:
            reader.type(), reader.byte()
            self.types.append(None)
        else:
            raise Malformed("type")

    def read_globals(self, reader):
        """Only as far as the first initialiser that is more than a constant."""
        for _ in range(reader.number()):
            type, _ = reader.type(), reader.byte()
            self.globals.append(type)
            opcode = reader.byte()
            if opcode in (0x41, 0x42, 0x23, 0xD2, 0xD0):
                reader.number()
            elif opcode in (0x43, 0x44):
                reader.take(4 if opcode == 0x43 else 8)
            elif opcode == 0xFD and reader.number() == 12:
                reader.take(16)
            else:
                return
            if reader.byte() != 0x0B:
                return

    def exported_functions(self):
        for name, kind, index in self.exports:
            if kind == 0 and index < len(self.functions) and self.functions[index] < len(self.types):
                if type := self.types[self.functions[index]]:
                    yield name, *type

    def exported_globals(self):
        for name, kind, index in self.exports:
            if kind == 3 and index < len(self.globals):
                yield name, self.globals[index]
