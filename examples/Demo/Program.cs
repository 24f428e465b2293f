using Demo;
using Demo.Display;

DemoOptions options;
try
{
    options = DemoOptions.Parse(args);
}
catch (ArgumentException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine(DemoOptions.Usage);
    return 2;
}

using var stop = new StopSignal();
var display = Console.IsOutputRedirected ? (IDisplay)new PlainDisplay() : new LiveDisplay();
try
{
    var verdict = await new DemoRun(options, display).RunAsync(stop.Token);
    Console.WriteLine(verdict);
    return verdict.IsGood ? 0 : 1;
}
catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped before the end: no verdict.");
    return 130;
}
catch (Exception error)
{
    Console.Error.WriteLine(error is DemoException ? error.Message : error.ToString());
    return 1;
}
