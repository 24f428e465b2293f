using Outbox.Messages.Registration;

namespace Outbox.History.Projecting.Registration;

/// <summary>Every projection that this service has the folds of.</summary>
public sealed class ProjectionRegistry
{
    private readonly List<ProjectionRegistration> _all = [];

    /// <exception cref="OutboxConfigurationException">A projection cannot be made of what is registered, or two have the same name and version.</exception>
    internal ProjectionRegistry(IEnumerable<ProjectionDefinition> definitions, MessageRegistry messages)
    {
        foreach (var registration in definitions.Select(definition => ProjectionRules.Resolve(definition, messages)))
        {
            if (Find(registration.Name, registration.Version) is { } same)
            {
                throw new OutboxConfigurationException(
                    $"{same.Model.GetType().Name} and {registration.Model.GetType().Name} are both version {registration.Version} of projection '{registration.Name}'. Raise the version of the "
                    + "newer one, or give it a name of its own.");
            }

            if (_all.Find(other => other.Model.RowType == registration.Model.RowType && other.Name != registration.Name) is { } rows)
            {
                throw new OutboxConfigurationException(
                    $"Projections '{rows.Name}' and '{registration.Name}' both have rows of type {registration.Model.RowType.Name}, and IReadModel<{registration.Model.RowType.Name}> could be "
                    + "either. Give each a type of its own.");
            }

            _all.Add(registration);
        }
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<ProjectionRegistration> All => _all;

    /// <summary>A version of one.</summary>
    public ProjectionRegistration? Find(string name, int version) => _all.Find(registration => registration.Name == name && registration.Version == version);

    /// <summary>The newest version of one.</summary>
    public ProjectionRegistration? Newest(string name) => _all.Where(registration => registration.Name == name).MaxBy(registration => registration.Version);

    /// <summary>The one that has these rows.</summary>
    /// <exception cref="OutboxConfigurationException">None has.</exception>
    public ProjectionRegistration OfRows(Type rowType) => _all.Find(registration => registration.Model.RowType == rowType) ?? throw new OutboxConfigurationException(
        $"No projection has rows of type {rowType.Name}. Register the one that makes them: o.Projection<…>().");
}
