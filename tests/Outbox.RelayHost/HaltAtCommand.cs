using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Driver;
using MongoDB.Driver.Core.Configuration;
using MongoDB.Driver.Core.Events;

namespace Outbox.RelayHost;

/// <summary>
/// Halts the process once, when the database has answered a command, as <c>insert orders</c>, or before one is sent that has no collection, as <c>commitTransaction</c>: it writes "at" to its output and
/// goes on when it reads a line.
/// </summary>
internal static class HaltAtCommand
{
    public static void Set(IServiceCollection services, string command)
    {
        var settings = MongoClientSettings.FromConnectionString(Environment.GetEnvironmentVariable("Outbox__MongoDb__Connection"));
        settings.ClusterConfigurator = cluster => Watch(cluster, command);
        services.AddSingleton<IMongoClient>(new MongoClient(settings));
    }

    private static void Watch(ClusterBuilder cluster, string command)
    {
        var halted = 0;
        var names = new ConcurrentDictionary<int, string>();
        cluster.Subscribe<CommandStartedEvent>(started =>
        {
            names[started.RequestId] = $"{started.CommandName} {started.Command.GetValue(0)}";
            if (started.CommandName == command && Interlocked.Exchange(ref halted, 1) == 0)
            {
                Halt();
            }
        });
        cluster.Subscribe<CommandSucceededEvent>(succeeded =>
        {
            if (names.GetValueOrDefault(succeeded.RequestId) == command && Interlocked.Exchange(ref halted, 1) == 0)
            {
                Halt();
            }
        });
    }

    private static void Halt()
    {
        Console.WriteLine("at");
        Console.ReadLine();
    }
}
