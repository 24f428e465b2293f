namespace Outbox.History.Projecting.Building;

/// <summary>The builds of the projections that this service has the folds of.</summary>
public interface IProjectionBuilds
{
    /// <summary>All that have not ended.</summary>
    Task<IReadOnlyList<ProjectionBuild>> ListAsync(CancellationToken cancellationToken);
}
