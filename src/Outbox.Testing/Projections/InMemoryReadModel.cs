using Outbox.History.Projecting;
using Outbox.History.Projecting.Registration;

namespace Outbox.Testing.Projections;

/// <summary>The rows of the newest version, in memory.</summary>
internal sealed class InMemoryReadModel<TRow>(InMemoryProjections projections, ProjectionRegistry registry) : IReadModel<TRow>
    where TRow : class
{
    private readonly ProjectionRegistration _registration = registry.Newest(registry.OfRows(typeof(TRow)).Name)!;
    private readonly JsonRows _format = new(typeof(TRow), registry.OfRows(typeof(TRow)).Name);

    public IReadOnlyList<TRow> All() => [.. projections.All(_registration).Select(row => (TRow)_format.Read(row))];

    /// <inheritdoc/>
    public Task<TRow?> FindAsync(string entityId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(entityId);
        return Task.FromResult(projections.Of(_registration, entityId).Row is { } row ? (TRow?)_format.Read(row) : null);
    }

    /// <inheritdoc/>
    public async Task WaitForAsync(string entityId, long version, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(entityId);
        while (true)
        {
            var changed = projections.Changed;
            var state = projections.Of(_registration, entityId);
            if (state.Version >= version)
            {
                return;
            }

            if (state.Failed is ({ } failed, var error) && failed <= version)
            {
                throw new OutboxException(
                    $"Projection '{_registration.Name}' cannot project version {failed} of entity '{entityId}', so it never comes to version {version} (in production, the event is parked and this waits): {error.Message}", error);
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
