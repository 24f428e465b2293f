using Microsoft.Extensions.Options;
using Outbox.Delivery;
using Outbox.Messages;

namespace Outbox.Testing;

/// <summary>What is still in the outbox.</summary>
internal sealed class HarnessOutbox(IOutboxReader reader, IOptions<OutboxOptions> options, TimeProvider time)
{
    private const int Shown = 20;

    private IReadOnlyList<int> Lanes => [.. Enumerable.Range(0, options.Value.Lanes)];

    /// <summary>Whether the relay has something to do now.</summary>
    public async Task<bool> HasWorkAsync(CancellationToken cancellationToken) =>
        (await ReadAsync(await reader.ReadHeldEntitiesAsync(Lanes, cancellationToken).ConfigureAwait(false), 1, cancellationToken).ConfigureAwait(false)).Count > 0;

    /// <summary>The first messages that are due, held ones included.</summary>
    public Task<List<OutboxMessage>> ReadAsync(CancellationToken cancellationToken) => ReadAsync([], Shown, cancellationToken);

    private async Task<List<OutboxMessage>> ReadAsync(IReadOnlyCollection<Entity> held, int limit, CancellationToken cancellationToken)
    {
        var request = new SweepRequest(Lanes, limit, held, time.GetUtcNow());
        var found = new List<OutboxMessage>();
        foreach (var pages in new[] { reader.ReadDueAsync(request, cancellationToken), reader.SweepAsync(request, cancellationToken) })
        {
            await foreach (var page in pages.ConfigureAwait(false))
            {
                found.AddRange(page);
                if (found.Count >= limit)
                {
                    return found;
                }
            }
        }

        return found;
    }
}
