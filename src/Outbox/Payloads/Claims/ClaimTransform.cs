namespace Outbox.Payloads.Claims;

/// <summary>Fetches payloads that are kept apart. They are put there when their message is captured (<see cref="ClaimCheck"/>), and not by the relay.</summary>
internal sealed class ClaimTransform(PayloadStores stores) : IPayloadTransform
{
    public const string TransformName = "claim";

    public string Name => TransformName;

    public ValueTask<ReadOnlyMemory<byte>?> ApplyAsync(ReadOnlyMemory<byte> payload, PayloadContext context, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Payloads are claimed when they are captured.");

    public async ValueTask<ReadOnlyMemory<byte>> UndoAsync(ReadOnlyMemory<byte> payload, PayloadContext context, CancellationToken cancellationToken)
    {
        var reference = ClaimReference.Parse(payload.Span);
        if (reference.Length > context.MaxBytes)
        {
            throw new PayloadException(
                $"The payload of message {context.MessageId}, claim {reference.Id}, has {reference.Length:N0} bytes; at most {context.MaxBytes:N0} are read (Outbox:Payloads:MaxBytes).");
        }

        if (await GetAsync(reference, context, cancellationToken).ConfigureAwait(false) is not { } content)
        {
            throw new PayloadException(
                $"The payload of message {context.MessageId}, claim {reference.Id}, is not in the store of topic '{context.Topic}': it has expired (Outbox:Payloads:KeepClaimsFor of the topic's owner), all of "
                + "its known readers had processed it, or it is in another store than this service was told (t.ClaimCheck(c => c.Store = …)).");
        }

        return reference.Is(content.Span)
            ? content
            : throw new PayloadException($"The payload of message {context.MessageId}, claim {reference.Id}, is not what its message says (SHA-256): it was changed in the store, or the message was.");
    }

    private async Task<ReadOnlyMemory<byte>?> GetAsync(ClaimReference reference, PayloadContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await stores.Of(context.Topic).GetAsync(reference.Id, reference.Length, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not (PayloadException or PayloadUnavailableException) && !cancellationToken.IsCancellationRequested)
        {
            throw new PayloadUnavailableException($"The store of claimed payloads of topic '{context.Topic}' does not answer: {error.Message}", error);
        }
    }
}
