using Outbox.History;
using Outbox.History.Loading;
using Outbox.History.Projecting.Health;

namespace Outbox.MongoDb.History.Projecting.Pages;

/// <summary>What every page needs.</summary>
/// <param name="Reader">Reads events.</param>
/// <param name="Parked">Keeps those that cannot be projected.</param>
/// <param name="Metrics">Counts.</param>
internal sealed record PageParts(EventReader Reader, ParkedEvents Parked, ProjectionMetrics Metrics);
