import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer((_request, response) => response.end('up'));

new Server(http).on('connection', (socket) => {
  socket.on('join', (room, done) => {
    socket.join(room);
    done();
  });
  socket.on('say', (room, text, done) => {
    socket.nsp.to(room).emit('said', text);
    done();
  });
});

http.listen(process.env.PORT ?? 9000, '127.0.0.1');
