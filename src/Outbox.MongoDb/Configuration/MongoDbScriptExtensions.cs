using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Outbox.MongoDb;
using Outbox.MongoDb.Installation;

namespace Outbox;

/// <summary>Says what the outbox needs in MongoDB.</summary>
public static class MongoDbScriptExtensions
{
    /// <summary>
    /// A script for mongosh that creates the collections, indexes and lanes of the configured outbox, for whoever has the rights where the service has not
    /// (<see cref="MongoDbOptions.Install"/>). It connects to nothing.
    /// </summary>
    public static string OutboxMongoDbScript(this IServiceProvider services)
    {
        var collections = services.GetRequiredService<OutboxCollections>();
        return InstallScript.Of(
            collections.Database.DatabaseNamespace.DatabaseName,
            collections.Names,
            services.GetRequiredService<IOptions<OutboxOptions>>().Value,
            services.GetRequiredService<IOptions<MongoDbOptions>>().Value);
    }
}
