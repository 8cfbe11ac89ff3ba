Feature: Shutdown
  A worker can be stopped at any time, for a deployment or for good, without harm to a job.

  Rule: A shutdown takes no new jobs and lets the running ones finish

    Scenario: A job ends within the grace
      Given a worker
      And the job "pack A-1001" writes the note "A-1001 is packed"
      And the job "pack A-1001" keeps working
      And the job "pack A-1001" is at work
      When the worker shuts down, and its jobs end within the grace
      Then the job "pack A-1001" is completed
      And the only note is "A-1001 is packed"

    Scenario: A job that waits is left for others
      Given a worker that runs one job at a time
      And the job "pack A-1001" keeps working
      And the job "pack A-1001" is at work
      And the job "pack A-1002" is enqueued
      When the worker shuts down, and its jobs end within the grace
      Then the job "pack A-1001" is completed
      And the job "pack A-1002" is ready
      And the job "pack A-1002" has no attempt

  Rule: What does not end within the grace is available again at once, and nothing is counted against it

    Scenario: A job works for longer than the grace
      Given a job is allowed 1 attempt
      And a worker
      And the job "pack A-1001" writes the note "A-1001 is packed"
      And the job "pack A-1001" keeps working
      And the job "pack A-1001" is at work
      When the worker shuts down, and its jobs do not end within the grace
      Then the job "pack A-1001" is ready
      And the job "pack A-1001" has no attempt
      And there is no note

    Scenario: Another worker takes over
      Given a job is allowed 1 attempt
      And a worker
      And the job "pack A-1001" writes the note "A-1001 is packed"
      And the job "pack A-1001" keeps working
      And the job "pack A-1001" is at work
      And the worker has shut down before its jobs ended
      And jobs may end
      When a worker starts
      Then the job "pack A-1001" is completed
      And the job "pack A-1001" has 1 attempt
      And the only note is "A-1001 is packed"

  Rule: A shutdown can be called whenever one likes

    Scenario: No worker was ever started
      When the queue is shut down
      Then there is no error
      And no worker is left

    Scenario: It was shut down before
      Given a worker
      And the worker has shut down
      When the worker shuts down
      Then there is no error

    Scenario: Enqueue works as before
      Given a worker
      And the worker has shut down
      When the job "receipt A-1001" comes in
      Then the job "receipt A-1001" is ready
