using System.Buffers;
using System.Text.Json;
using Outbox.Messages;

namespace Outbox.Kafka.Formats.Wire;

/// <summary>A JSON writer that is used again for each message of a thread; the relay writes tens of thousands a second.</summary>
internal sealed class JsonBuffer
{
    private const int KeepUpTo = 1024 * 1024;

    [ThreadStatic]
    private static JsonBuffer? _current;

    private readonly ArrayBufferWriter<byte> _bytes = new(4096);

    private JsonBuffer() => Json = new Utf8JsonWriter(_bytes, new JsonWriterOptions { SkipValidation = true, Encoder = MessageJson.Default.Encoder });

    public Utf8JsonWriter Json { get; }

    /// <summary>Empty, and this thread's alone until its result is taken.</summary>
    public static JsonBuffer Start()
    {
        var buffer = _current ??= new JsonBuffer();
        buffer._bytes.ResetWrittenCount();
        buffer.Json.Reset();
        return buffer;
    }

    public byte[] Take()
    {
        Json.Flush();
        var taken = _bytes.WrittenSpan.ToArray();
        if (_bytes.Capacity > KeepUpTo)
        {
            _current = null;
        }

        return taken;
    }
}
