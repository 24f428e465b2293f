using MongoDB.Driver;
using MongoDB.Driver.Core.Events;

namespace Outbox.Integration.Tests.Inbox.Sequencing;

/// <summary>
/// Runs several actors side by side, one database command at a time, in the order that a test chooses: each stops before each of its commands until it is its turn.
/// </summary>
internal sealed class Interleaving
{
    private static readonly AsyncLocal<Actor?> Current = new();
    private readonly Lock _gate = new();
    private readonly List<Actor> _actors = [];
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    static Interleaving()
    {
        // Actors that wait for their turn block a thread each.
        ThreadPool.GetMinThreads(out var workers, out var ports);
        ThreadPool.SetMinThreads(Math.Max(workers, 32), ports);
    }

    /// <summary>Chooses who goes on among those that are about to send a command.</summary>
    /// <param name="waiting">For each actor the command that it is about to send; <see langword="null"/> when it has ended.</param>
    public delegate int Choice(IReadOnlyList<string?> waiting);

    public static void Observe(MongoClientSettings settings) =>
        settings.ClusterConfigurator = cluster => cluster.Subscribe<CommandStartedEvent>(command => Current.Value?.Await(command.CommandName));

    public static async Task RunAsync(Choice choice, params IReadOnlyList<Func<Task>> actors)
    {
        var interleaving = new Interleaving();
        var running = actors.Select(interleaving.Start).ToList();
        while (await interleaving.StandStillAsync() is { } waiting)
        {
            interleaving._actors[choice(waiting)].Go();
        }

        await Task.WhenAll(running);
    }

    /// <summary>The first one goes on until it is about to send the command; then the second until it ends or gives its transaction up; then the first again.</summary>
    public static Choice HoldFirstAt(string command)
    {
        var released = false;
        return waiting =>
        {
            released |= waiting[1] is null or "abortTransaction";
            return waiting[0] is not null && (released || waiting[0] != command) ? 0 : 1;
        };
    }

    public static Choice Random(int seed)
    {
        var random = new Random(seed);
        return waiting =>
        {
            var able = Enumerable.Range(0, waiting.Count).Where(actor => waiting[actor] is not null).ToList();
            return able[random.Next(able.Count)];
        };
    }

    private Task Start(Func<Task> body)
    {
        var actor = new Actor(this);
        _actors.Add(actor);
        return Task.Run(async () =>
        {
            Current.Value = actor;
            try
            {
                await body();
            }
            finally
            {
                Change(() => actor.Running = false);
            }
        });
    }

    /// <returns>What each actor is about to send, once none of them runs; <see langword="null"/> when all have ended.</returns>
    private async Task<IReadOnlyList<string?>?> StandStillAsync()
    {
        while (true)
        {
            Task moved;
            lock (_gate)
            {
                if (_actors.TrueForAll(actor => !actor.Running || actor.Command is not null))
                {
                    return _actors.Exists(actor => actor.Running) ? _actors.ConvertAll(actor => actor.Command) : null;
                }

                moved = _moved.Task;
            }

            await moved.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            _moved.SetResult();
            _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private sealed class Actor(Interleaving owner)
    {
        private readonly SemaphoreSlim _turn = new(0);

        public bool Running { get; set; } = true;

        public string? Command { get; private set; }

        public void Await(string command)
        {
            owner.Change(() => Command = command);
            _turn.Wait();
        }

        public void Go()
        {
            owner.Change(() => Command = null);
            _turn.Release();
        }
    }
}
