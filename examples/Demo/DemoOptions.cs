using System.Globalization;

namespace Demo;

/// <summary>What the command line asks for.</summary>
internal sealed record DemoOptions
{
    public const string Usage = """
        Usage: dotnet run --project examples/Demo -c Release -- [options]
          --orders N        how many orders to place (default 1000)
          --no-kill         do not kill the services
          --keep-running    leave everything running afterwards, print the URLs and wait for Ctrl-C
          --mongodb URI --kafka SERVERS
                            use these servers instead of the embedded ones
        """;

    public int Orders { get; init; } = 1_000;

    public bool Kill { get; init; } = true;

    public bool KeepRunning { get; init; }

    public string? MongoDb { get; init; }

    public string? Kafka { get; init; }

    public bool HasOwnServers => MongoDb is not null;

    /// <exception cref="ArgumentException">An option is unknown or lacks its value.</exception>
    public static DemoOptions Parse(IReadOnlyList<string> args)
    {
        var options = new DemoOptions();
        for (var i = 0; i < args.Count; i++)
        {
            options = args[i] switch
            {
                "--no-kill" => options with { Kill = false },
                "--keep-running" => options with { KeepRunning = true },
                "--orders" => options with { Orders = Number(Value(args, ref i)) },
                "--mongodb" => options with { MongoDb = Value(args, ref i) },
                "--kafka" => options with { Kafka = Value(args, ref i) },
                _ => throw new ArgumentException($"Unknown option '{args[i]}'."),
            };
        }

        return options.MongoDb is null == options.Kafka is null ? options : throw new ArgumentException("Give --mongodb and --kafka together.");
    }

    private static string Value(IReadOnlyList<string> args, ref int i) =>
        ++i < args.Count ? args[i] : throw new ArgumentException($"Option '{args[i - 1]}' needs a value.");

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ArgumentException($"--orders needs a whole number, not '{text}'.");
}
