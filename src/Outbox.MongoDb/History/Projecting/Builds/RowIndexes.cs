using MongoDB.Driver;
using Outbox.History.Projecting.Registration;

namespace Outbox.MongoDb.History.Projecting.Builds;

/// <summary>Creates the collections of rows.</summary>
internal static class RowIndexes
{
    private const int NamespaceExists = 48;

    /// <summary>The collection of a build's rows.</summary>
    public static string CollectionOf(OutboxCollections collections, string build) => collections.Names.Prefix + build;

    /// <summary>Creates the collection of a build, with its indexes, before anything is written to it.</summary>
    public static async Task CreateAsync(OutboxCollections collections, ProjectionRegistration registration, string build, CancellationToken cancellationToken)
    {
        var name = CollectionOf(collections, build);
        try
        {
            await collections.Database.CreateCollectionAsync(name, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (MongoCommandException error) when (error.Code == NamespaceExists)
        {
            // It is there.
        }

        foreach (var indexes in Of(registration))
        {
            await indexes.CreateAsync(collections.Database, name, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <exception cref="OutboxConfigurationException">They are for other rows.</exception>
    public static IEnumerable<IRowIndexes> Of(ProjectionRegistration registration) => registration.Extras.OfType<IRowIndexes>().Select(indexes =>
        indexes.RowType == registration.Model.RowType ? indexes : throw new OutboxConfigurationException(
            $"Projection '{registration.Name}' has indexes for {indexes.RowType.Name}, and its rows are of type {registration.Model.RowType.Name}: p.IndexRows<{registration.Model.RowType.Name}>(…)."));
}
