namespace Outbox.History.Projecting.Building;

/// <summary>Projects events in pages, each in one transaction: the rows with how far each entity has come. The same page again changes nothing.</summary>
public interface IProjectionPages
{
    /// <summary>Projects what came on Kafka.</summary>
    /// <param name="build">The build.</param>
    /// <param name="events">The events, in any order; one that does not follow its entity's last is not projected.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>What became of each.</returns>
    Task<IReadOnlyList<EventOutcome>> ApplyAsync(ProjectionBuild build, IReadOnlyList<ProjectedEvent> events, CancellationToken cancellationToken);
}
