using Outbox.Messages;

namespace Outbox.Operations.Explaining;

/// <summary>
/// Says why something is stuck, or that it is not. All that it says comes from the service's database, so it may be asked from any process; what a relay or an endpoint found, it wrote there a few seconds ago.
/// </summary>
public interface IExplain
{
    /// <summary>Explains a message; or, where no trace of such a message is left, the entities of this id, of whatever type.</summary>
    /// <param name="id">A message's id, or an entity's.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<Explanation> ExplainAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Explains an entity: what is pending and parked of it on both sides, and what keeps it from going on.</summary>
    /// <param name="entity">The entity; with an empty type, all that have the id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<Explanation> ExplainAsync(Entity entity, CancellationToken cancellationToken = default);
}
