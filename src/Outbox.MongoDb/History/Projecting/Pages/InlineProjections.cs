using MongoDB.Driver;
using Outbox.History.Projecting.Registration;
using Outbox.Messages;
using Outbox.MongoDb.Capture;
using Outbox.MongoDb.History.Projecting.Builds;

namespace Outbox.MongoDb.History.Projecting.Pages;

/// <summary>Writes the rows of inline projections in the transaction that captures their events.</summary>
internal sealed class InlineProjections(OutboxCollections collections, ProjectionRegistry registry, MongoProjectionBuilds builds, PageTargets targets, PageParts parts) : ICapturedMessages
{
    private readonly List<ProjectionRegistration> _inline = [.. registry.All.Where(projection => projection.Inline)];

    /// <inheritdoc/>
    public async Task WriteAsync(IClientSessionHandle session, IReadOnlyList<OutboxMessage> messages, bool blocking, CancellationToken cancellationToken)
    {
        foreach (var projection in _inline)
        {
            var events = messages.Where(message => message.Topic == projection.Topic && message.EntityType == projection.EntityType).ToList();
            if (events.Count == 0)
            {
                continue;
            }

            if (blocking)
            {
                throw new OutboxException(
                    $"Projection '{projection.Name}' is inline, and a transaction that is enlisted writes each message where it is published, which must not wait for more than that. Use "
                    + "outbox.ExecuteAsync for these events, or remove p.Inline.");
            }

            foreach (var build in await builds.ListAsync(session, projection, cancellationToken).ConfigureAwait(false))
            {
                var target = targets.Of(build);
                var page = new ProjectionPage(collections, target, session, parts.Parked);
                await page.ApplyAsync(events.ConvertAll(message => CatchUp.EventOf(parts.Reader, target, message)), PageSource.Live, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
