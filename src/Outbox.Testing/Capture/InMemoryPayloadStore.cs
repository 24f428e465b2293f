using Outbox.Payloads;
using Outbox.Testing.Store;

namespace Outbox.Testing.Capture;

/// <summary>Keeps payloads for as long as the test runs.</summary>
internal sealed class InMemoryPayloadStore(InMemoryStore store) : IPayloadStore
{
    /// <inheritdoc/>
    public Task PutAsync(StoredPayload payload, CancellationToken cancellationToken)
    {
        store.Run(tables => tables.Payloads.Add(payload.Id, payload));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>?> GetAsync(string id, int length, CancellationToken cancellationToken) =>
        Task.FromResult(store.Run(tables => tables.Payloads.TryGetValue(id, out var found) ? found.Content : (ReadOnlyMemory<byte>?)null));
}
