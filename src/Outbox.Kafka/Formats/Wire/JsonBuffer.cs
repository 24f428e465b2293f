using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Outbox.Kafka.Formats.Wire;

/// <summary>A JSON writer that is used again for each message of a thread; the relay writes tens of thousands a second.</summary>
internal sealed class JsonBuffer
{
    private const int KeepUpTo = 1024 * 1024;

    /// <summary>
    /// All that JSON itself has escaped (RFC 8259). The encoders of .NET escape more, for pages of HTML that JSON is pasted into: even the most relaxed of them writes letters beyond
    /// the first 65,536 in twelve bytes.
    /// </summary>
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(c => (char)c), '"', '\\']);

    [ThreadStatic]
    private static JsonBuffer? _current;

    private readonly ArrayBufferWriter<byte> _bytes = new(4096);
    private byte[] _text = new byte[256];

    private JsonBuffer() => Json = new Utf8JsonWriter(_bytes, new JsonWriterOptions { SkipValidation = true });

    public Utf8JsonWriter Json { get; }

    /// <summary>Empty, and this thread's alone until its result is taken.</summary>
    public static JsonBuffer Start()
    {
        var buffer = _current ??= new JsonBuffer();
        buffer._bytes.ResetWrittenCount();
        buffer.Json.Reset();
        return buffer;
    }

    /// <summary>Writes a property whose value is text, in UTF-8 as it is.</summary>
    public void Write(JsonEncodedText name, string value)
    {
        Json.WritePropertyName(name);
        var text = value.AsSpan().ContainsAny(Escaped) ? Escape(value) : value;
        var size = Encoding.UTF8.GetMaxByteCount(text.Length) + 2;
        if (_text.Length < size)
        {
            _text = new byte[size];
        }

        _text[0] = (byte)'"';
        var length = Encoding.UTF8.GetBytes(text, _text.AsSpan(1)) + 1;
        _text[length] = (byte)'"';
        Json.WriteRawValue(_text.AsSpan(0, length + 1), skipInputValidation: true);
    }

    public byte[] Take()
    {
        Json.Flush();
        var taken = _bytes.WrittenSpan.ToArray();
        if (_bytes.Capacity > KeepUpTo || _text.Length > KeepUpTo)
        {
            _current = null;
        }

        return taken;
    }

    private static string Escape(string value)
    {
        var escaped = new StringBuilder(value.Length + 16);
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => escaped.Append("\\\""),
                '\\' => escaped.Append("\\\\"),
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\t' => escaped.Append("\\t"),
                < ' ' => escaped.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }
}
