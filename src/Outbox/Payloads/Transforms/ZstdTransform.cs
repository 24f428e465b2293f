using System.Buffers;
using System.Numerics;
using Microsoft.Extensions.Options;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Outbox.Payloads.Transforms;

/// <summary>Compresses payloads with zstd (RFC 8878).</summary>
internal sealed class ZstdTransform(IOptions<PayloadOptions> options) : IPayloadTransform
{
    public const string TransformName = "zstd";

    /// <summary>The header that names it has about as many bytes.</summary>
    private const int CostOfHeader = 32;

    // What every decoder is asked to have (RFC 8878, 3.1.1.1.2): 8 MB.
    private const int SmallestWindow = 23;
    private const int LargestWindow = 27;

    public string Name => TransformName;

    public ValueTask<ReadOnlyMemory<byte>?> ApplyAsync(ReadOnlyMemory<byte> payload, PayloadContext context, CancellationToken cancellationToken)
    {
        if (payload.Length < options.Value.CompressAbove)
        {
            return default;
        }

        using var compressor = new Compressor(options.Value.CompressionLevel);
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        var compressed = compressor.Wrap(payload.Span).ToArray();
        return ValueTask.FromResult<ReadOnlyMemory<byte>?>(compressed.Length + CostOfHeader < payload.Length ? compressed : null);
    }

    public ValueTask<ReadOnlyMemory<byte>> UndoAsync(ReadOnlyMemory<byte> payload, PayloadContext context, CancellationToken cancellationToken)
    {
        try
        {
            return ValueTask.FromResult(Decompress(payload, context));
        }
        catch (Exception error) when (error is ZstdException or IOException)
        {
            throw new PayloadException($"The payload of message {context.MessageId} is not what zstd has compressed: {error.Message}", error);
        }
    }

    /// <summary>It stops at the limit, whatever the frame says of its size, and takes no larger window than that.</summary>
    private static ReadOnlyMemory<byte> Decompress(ReadOnlyMemory<byte> payload, PayloadContext context)
    {
        using var input = new MemoryStream(payload.ToArray(), writable: false);
        using var decompressor = new DecompressionStream(input);
        decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, Math.Clamp(BitOperations.Log2((uint)context.MaxBytes) + 1, SmallestWindow, LargestWindow));
        var output = new ArrayBufferWriter<byte>(Math.Clamp(payload.Length * 4, 256, 1024 * 1024));
        while (true)
        {
            var read = decompressor.Read(output.GetSpan(4096));
            if (read == 0)
            {
                return output.WrittenMemory;
            }

            output.Advance(read);
            if (output.WrittenCount > context.MaxBytes)
            {
                throw new PayloadException(
                    $"The payload of message {context.MessageId}, {payload.Length:N0} bytes of zstd, becomes more than {context.MaxBytes:N0} bytes, which are read at most (Outbox:Payloads:MaxBytes).");
            }
        }
    }
}
