using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Outbox.History.Loading;
using Outbox.History.Registration;
using Outbox.History.Storing;
using Outbox.Messages.Payloads;

namespace Outbox.History.Keeping;

/// <summary>Takes out of events what must be forgotten. The events first, page by page, then the snapshot, so that none is left that was made of what they said before.</summary>
internal sealed class Erasure(IHistoryStore store, EventReader events, Snapshots snapshots, ILogger<Erasure> logger)
{
    private const int PageSize = 500;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = PayloadEncoder.Instance };

    public async Task<long> EraseAsync(StateRegistration state, string id, Func<string, JsonObject, JsonObject?> redact, string reason, CancellationToken cancellationToken)
    {
        var entity = StateRegistry.EntityOf(state, id);
        var page = new List<(KeptEvent Event, string Payload)>();
        var changed = 0L;
        await foreach (var kept in store.ReadAsync(entity, 1, long.MaxValue, cancellationToken).ConfigureAwait(false))
        {
            if (Redacted(kept, redact) is not { } payload)
            {
                continue;
            }

            page.Add((kept, payload));
            if (page.Count == PageSize)
            {
                changed += await EraseAsync(page, reason, cancellationToken).ConfigureAwait(false);
            }
        }

        changed += await EraseAsync(page, reason, cancellationToken).ConfigureAwait(false);

        // Also where nothing was changed: an erasure that was killed may have come as far as this.
        await snapshots.ReplaceAsync(state, id, cancellationToken).ConfigureAwait(false);
        logger.Erased(changed, state.EntityType, id, reason);
        return changed;
    }

    private async Task<int> EraseAsync(List<(KeptEvent Event, string Payload)> page, string reason, CancellationToken cancellationToken)
    {
        var count = page.Count;
        if (count > 0)
        {
            await store.EraseAsync(page, reason, cancellationToken).ConfigureAwait(false);
            page.Clear();
        }

        return count;
    }

    /// <returns><see langword="null"/> for an event that stays as it is.</returns>
    private string? Redacted(KeptEvent kept, Func<string, JsonObject, JsonObject?> redact)
    {
        if (kept.Message.Payload is not { } before)
        {
            return null;
        }

        var json = JsonNode.Parse(before) as JsonObject ?? throw new OutboxException(
            $"Event {kept.Message.Version} of {kept.Message.Entity} is no JSON object, of which something could be taken out. Nothing of it was changed.");
        if (redact(kept.Message.Type, json) is not { } redacted || JsonNode.DeepEquals(JsonNode.Parse(before), redacted))
        {
            return null;
        }

        var after = redacted.ToJsonString(Readable);

        try
        {
            _ = events.Read(kept.Message with { Payload = after });
        }
        catch (OutboxException error)
        {
            throw new OutboxException(
                $"What is to be left of event {kept.Message.Version} of {kept.Message.Entity} is no '{kept.Message.Type}' any more, and its history could not be read again: {error.Message} "
                + "Put something in the place of what is required. Events before it may have been changed.", error);
        }

        return after;
    }
}
