using System.Security.Cryptography;
using Outbox.Messages;

namespace Outbox.Payloads.Transforms;

/// <summary>
/// Encrypts payloads with AES-GCM: a random nonce of 96 bits, the ciphertext, and a tag of 128 bits. The tag is also of what the message says of itself, so that no payload can be moved to another message.
/// </summary>
internal sealed class AesGcmTransform(IEnumerable<IPayloadKeys> allKeys) : IPayloadTransform
{
    public const string TransformName = "aes-gcm";

    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly IPayloadKeys? _keys = allKeys.LastOrDefault();

    public string Name => TransformName;

    /// <summary>Whether anybody said where keys come from.</summary>
    public bool HasKeys => _keys is not null;

    public async ValueTask<ReadOnlyMemory<byte>?> ApplyAsync(ReadOnlyMemory<byte> payload, PayloadContext context, CancellationToken cancellationToken)
    {
        var keyId = await AskAsync(keys => keys.CurrentAsync(context.Topic, cancellationToken), cancellationToken).ConfigureAwait(false);
        var key = await FindAsync(keyId, cancellationToken).ConfigureAwait(false);
        context.Headers[MessageHeaders.PayloadKey] = keyId;
        return Encrypt(key.Span, payload.Span, AssociatedData.Of(context, keyId));
    }

    public async ValueTask<ReadOnlyMemory<byte>> UndoAsync(ReadOnlyMemory<byte> payload, PayloadContext context, CancellationToken cancellationToken)
    {
        if (!context.Headers.TryGetValue(MessageHeaders.PayloadKey, out var keyId) || keyId.Length == 0)
        {
            throw new PayloadException($"The payload of message {context.MessageId} is encrypted, and no header '{MessageHeaders.PayloadKey}' says with which key.");
        }

        if (payload.Length < NonceBytes + TagBytes)
        {
            throw new PayloadException($"The payload of message {context.MessageId} has {payload.Length} bytes, too few for what is encrypted with AES-GCM.");
        }

        var key = await FindAsync(keyId, cancellationToken).ConfigureAwait(false);
        try
        {
            return Decrypt(key.Span, payload.Span, AssociatedData.Of(context, keyId));
        }
        catch (CryptographicException error)
        {
            throw new PayloadException(
                $"The payload of message {context.MessageId} cannot be decrypted with key '{keyId}': it, its id, type, entity or version was changed since it was published, or key '{keyId}' is another one "
                + "here than there.",
                error);
        }
    }

    private static byte[] Encrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> payload, byte[] associated)
    {
        var encrypted = new byte[NonceBytes + payload.Length + TagBytes];
        var nonce = encrypted.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, payload, encrypted.AsSpan(NonceBytes, payload.Length), encrypted.AsSpan(NonceBytes + payload.Length), associated);
        return encrypted;
    }

    private static byte[] Decrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> encrypted, byte[] associated)
    {
        var payload = new byte[encrypted.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(encrypted[..NonceBytes], encrypted[NonceBytes..^TagBytes], encrypted[^TagBytes..], payload, associated);
        return payload;
    }

    private async ValueTask<ReadOnlyMemory<byte>> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        var key = await AskAsync(keys => keys.FindAsync(keyId, cancellationToken), cancellationToken).ConfigureAwait(false) ?? throw new PayloadUnavailableException(
            $"Payloads are encrypted with key '{keyId}', which the IPayloadKeys of this service do not know. Give it the key; what is encrypted with one that is destroyed is lost.")
        { UnknownKey = keyId };
        return key.Length is 16 or 24 or 32
            ? key
            : throw new PayloadUnavailableException($"Key '{keyId}' of IPayloadKeys has {key.Length} bytes; one of AES has 16, 24 or 32.");
    }

    private async ValueTask<T> AskAsync<T>(Func<IPayloadKeys, ValueTask<T>> question, CancellationToken cancellationToken)
    {
        if (_keys is null)
        {
            throw new PayloadUnavailableException("Payloads are encrypted, and nothing says where this service has keys from: o.Payloads(p => p.UseKeys<…>()).");
        }

        try
        {
            return await question(_keys).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not PayloadUnavailableException && !cancellationToken.IsCancellationRequested)
        {
            throw new PayloadUnavailableException($"The IPayloadKeys of this service do not answer: {error.Message}", error);
        }
    }
}
